import { z } from 'zod';
import { type Tuning, tuning } from '../../domain/roc/tuning.ts';
import { type IntentPage, intentPage } from '../../platform/endpoints.ts';
import { damagedArtifact, parseArtifact } from '../artifacts/parse-artifact.ts';
import { seal, unseal } from '../artifacts/sealed.ts';
import type { ArtifactStore } from '../artifacts/store.ts';

/**
 * The tunings of one tenant: the requested intents, the result, the report. Intents and result are sealed:
 * thresholds that changed on disk are refused with ARTIFACT_DAMAGED, and never pushed.
 */
export interface Tunings {
  /** Page `page` of the tenant's intents as listed in pass `pass`; `null` until it is requested. */
  intentPage(id: string, pass: number, page: number): Promise<IntentPage | null>;
  writeIntentPage(id: string, pass: number, page: number, answer: IntentPage): Promise<void>;
  /** `null` until it is computed. */
  result(id: string): Promise<Tuning | null>;
  /** @returns the stored result: of two writers, the first one's */
  writeResult(result: Tuning): Promise<Tuning>;
  /** Whether there is a report: the last thing that a tuning writes. */
  hasReport(id: string): Promise<boolean>;
  /** The HTML page. @throws MlopsError ARTIFACT_MISSING */
  report(id: string): Promise<Buffer>;
  writeReport(id: string, html: string): Promise<void>;
}

/** The id of a tuning, which is part of a key. */
export const tuningId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);

export function openTunings(store: ArtifactStore): Tunings {
  const key = (id: string, ...rest: string[]) => ['tunings', id, ...rest].join('/');
  const readIfThere = async <Value>(place: string, shape: z.ZodType<Value>) => {
    const bytes = await store.readIfThere(place);
    return bytes === null ? null : opened(place, bytes, shape);
  };
  const opened = <Value>(place: string, bytes: Buffer, shape: z.ZodType<Value>): Value => {
    const content = unseal(bytes);
    if (content === null) throw damagedArtifact(place);
    return parseArtifact(place, content, shape);
  };

  return {
    intentPage: (id, pass, page) => readIfThere(key(id, 'intents', `${pass}.${page}`), intentPage),
    async writeIntentPage(id, pass, page, answer) {
      await store.create(key(id, 'intents', `${pass}.${page}`), seal(`${JSON.stringify(answer)}\n`));
    },
    result: id => readIfThere(key(id, 'result.json'), tuning),
    async writeResult(result) {
      const place = key(result.tuning, 'result.json');
      if (await store.create(place, seal(`${JSON.stringify(result)}\n`))) return result;
      return opened(place, await store.read(place), tuning);
    },
    hasReport: id => store.exists(key(id, 'report.html')),
    report: id => store.read(key(id, 'report.html')),
    async writeReport(id, html) {
      await store.create(key(id, 'report.html'), html);
    },
  };
}
