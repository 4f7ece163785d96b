import { z } from 'zod';
import type { ChunkLine } from '../../src/domain/entity/batch.ts';
import type { PlatformEntity } from '../../src/domain/entity/platform-answer.ts';
import type { ChunkName } from '../../src/redis/answers/unfinished.ts';
import type { Sealing } from '../../src/store/sealing/sealing.ts';
import type { Resources } from '../resources.ts';
import { answerKey, openAnswer } from './platform-answers.ts';

/** The answer to a line, or why there is none. */
export type LineAnswer =
  | {
      readonly kind: 'found';
      readonly entities: readonly PlatformEntity[];
      readonly source: 'api' | 'cache' | 'stale';
      readonly ageMs: number;
      readonly tookMs: number;
    }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string };

const foundEntry = /^(api|cache|stale):(\d+):(\d+):([\w-]+)$/;
const refusal = z.tuple([z.string(), z.string()]);
const refusalPurpose = 'entities.refusal';

/** The answers of one chunk that is not finished: in memory, and sealed in Redis. */
export interface ChunkAnswers {
  readonly size: number;
  get(line: number): LineAnswer | undefined;
  set(line: number, answer: LineAnswer): void;
  /** Where the answer that the platform gives is kept, in the round trip that follows it. @param tookMs when it is there */
  keptIn(line: number, tookMs: () => number): { key: string; field: string; entry(value: string): string };
  /** Keeps what is not a call's answer. @param sealed an answer as it is cached, where there is one */
  keep(line: ChunkLine, answer: LineAnswer): Promise<void>;
  /** Counts a failed try of a line's call. @returns how many there were */
  failed(line: number): Promise<number>;
}

/** @throws MlopsError SEALED_ELSEWHERE */
export async function readChunkAnswers(
  chunk: ChunkName,
  lines: readonly ChunkLine[],
  { unfinished }: Pick<Resources, 'unfinished'>,
  sealing: Sealing,
): Promise<ChunkAnswers> {
  const answers = new Map<number, LineAnswer>();
  const kept = await unfinished.read(chunk);
  for (const line of lines) {
    const entry = kept.get(`answer:${line.line}`);
    const answer = entry === undefined ? null : readEntry(entry, line, sealing);
    if (answer !== null) answers.set(line.line, answer);
  }
  const rounded = (ms: number) => String(Math.max(0, Math.round(ms)));

  return {
    get size() {
      return answers.size;
    },
    get: line => answers.get(line),
    set: (line, answer) => answers.set(line, answer),
    keptIn: (line, tookMs) => ({
      ...unfinished.place(chunk, `answer:${line}`),
      entry: value => `api:0:${rounded(tookMs())}:${value}`,
    }),
    async keep(line, answer) {
      answers.set(line.line, answer);
      const entry =
        answer.kind === 'found'
          ? `${answer.source}:${rounded(answer.ageMs)}:${rounded(answer.tookMs)}:${sealedAnswer(line, answer.entities, sealing)}`
          : `refused:${sealing.seal(refusalPurpose, JSON.stringify([answer.code, answer.message]))}`;
      await unfinished.keep(chunk, `answer:${line.line}`, entry);
    },
    failed: line => unfinished.count(chunk, `tries:${line}`),
  };
}

function sealedAnswer(line: ChunkLine, entities: readonly PlatformEntity[], sealing: Sealing): string {
  return sealing.seal(`entities.answer.${answerKey(sealing, line)}`, JSON.stringify(entities));
}

function readEntry(entry: string, line: ChunkLine, sealing: Sealing): LineAnswer | null {
  if (entry.startsWith('refused:')) {
    const opened = sealing.open(refusalPurpose, entry.slice('refused:'.length));
    if (opened === null) return null;
    const [code, message] = refusal.parse(JSON.parse(opened));
    return { kind: 'refused', code, message };
  }
  const [, source, ageMs, tookMs, value] = foundEntry.exec(entry) ?? [];
  if (value === undefined || (source !== 'api' && source !== 'cache' && source !== 'stale')) return null;
  const entities = openAnswer(sealing, answerKey(sealing, line), value);
  return { kind: 'found', entities, source, ageMs: Number(ageMs), tookMs: Number(tookMs) };
}
