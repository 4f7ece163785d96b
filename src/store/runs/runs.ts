import type { z } from 'zod';
import type { Answer, PageRequest } from '../../domain/interaction/coverage.ts';
import { type ExtractedPage, extractedPage } from '../../domain/run/answer.ts';
import { type Plan, plan } from '../../domain/run/plan.ts';
import { type Run, type RunEvent, run, runName } from '../../domain/run/run.ts';
import { type StoredPage, storedPage } from '../../domain/run/stored-page.ts';
import { isCoded, MlopsError } from '../../errors.ts';
import type { Log } from '../artifacts/log.ts';
import { damagedArtifact, parseArtifact } from '../artifacts/parse-artifact.ts';
import { seal, sha256Of, unseal } from '../artifacts/sealed.ts';
import type { ArtifactStore } from '../artifacts/store.ts';
import { decodeTextVectors, encodeTextVectors, type TextVectors } from '../vectors/text-vectors.ts';
import { damagedRunFile, openRunFiles } from './run-files.ts';
import { openRunLog } from './run-log.ts';

/**
 * The curation runs of one tenant: each run's parameters, outcome, pages, turns and vectors. Each file but
 * the log is sealed: a damaged one throws RUN_FILE_DAMAGED, and `discard` makes way for another.
 */
export interface Runs {
  /** The newest run of a dataset, `null` before the first; its `run` is `null` where it is damaged. */
  newest(dataset: string): Promise<{ readonly id: string; readonly run: Run | null } | null>;
  /** The ids of a dataset's runs, oldest first. */
  ofDataset(dataset: string): Promise<string[]>;
  /** Creates a run; `false` if its number is taken. */
  create(run: Run): Promise<boolean>;
  /** @throws MlopsError ARTIFACT_MISSING, ARTIFACT_DAMAGED: then the run cannot continue */
  read(runId: string): Promise<Run>;
  /**
   * The run that the job `request` opened or joined, `null` before it has, and once the run has expired: a request has at
   * most one run.
   */
  ofRequest(request: string): Promise<Run | null>;
  noteRequest(request: string, runId: string): Promise<void>;
  /** What happened to the run, oldest first. A log that is damaged reads as that of a closed run. */
  events(runId: string): Log<RunEvent>;
  /** Appends `event`, unless the run is already over. */
  note(runId: string, event: RunEvent): Promise<void>;

  isAnswered(runId: string, request: PageRequest): Promise<boolean>;
  /** The page requests that were answered, and those whose turns were extracted. */
  answered(runId: string): Promise<PageRequest[]>;
  extracted(runId: string): Promise<PageRequest[]>;
  isExtracted(runId: string, request: PageRequest): Promise<boolean>;
  writePage(runId: string, request: PageRequest, page: StoredPage): Promise<boolean>;
  readPage(runId: string, request: PageRequest): Promise<StoredPage>;
  writeTurns(runId: string, turns: ExtractedPage): Promise<boolean>;
  readTurns(runId: string, request: PageRequest): Promise<ExtractedPage>;

  /** The plan of the embedding, `null` before it is made. */
  plan(runId: string): Promise<Plan | null>;
  writePlan(runId: string, plan: Plan): Promise<boolean>;
  /** Writes a file of the plan and returns its name, its content's hash. */
  writePlanned(runId: string, content: Uint8Array): Promise<string>;
  readPlanned(runId: string, name: string): Promise<Buffer>;

  /** Whether the vectors of a page's texts exist. */
  isEmbedded(runId: string, request: PageRequest): Promise<boolean>;
  /** The pages and the batches of the plan whose vectors exist. */
  embedded(runId: string): Promise<Embedded>;
  /** Writes the vectors of the texts of a page, or of a batch. */
  writeVectors(runId: string, of: PageRequest | number, vectors: TextVectors, dimension: number): Promise<boolean>;
  readVectors(runId: string, of: PageRequest | number): Promise<TextVectors>;

  /** Removes a damaged file, named as RUN_FILE_DAMAGED names it, and what was made from it. */
  discard(file: string): Promise<void>;
}

/** The texts of a run that have vectors. */
export interface Embedded {
  readonly pages: readonly PageRequest[];
  readonly batches: readonly number[];
}

const root = 'runs';

/** Names sort by pass, page and attempt. */
export function pageName({ pass, page, attempt }: PageRequest): string {
  return `${pass}.${String(page).padStart(7, '0')}.${attempt}`;
}

/** The page request that a file answers; none for other files. */
function parsePageName(name: string): PageRequest[] {
  if (!/^\d+\.\d{7,}\.\d+$/.test(name)) return [];
  const [pass = 0, page = 0, attempt = 0] = name.split('.').map(Number);
  return [{ pass, page, attempt }];
}

/** A hash, because a job's id may hold characters that are not valid in a key. */
const requestKey = (request: string) => `requests/${sha256Of(request)}`;

const batchName = (batch: number) => String(batch).padStart(7, '0');
const isBatchName = (name: string) => /^\d{7,}$/.test(name);

export function openRuns(store: ArtifactStore): Runs {
  const key = (id: string, ...rest: string[]) => [root, id, ...rest].join('/');
  const vectorsKey = (id: string, of: PageRequest | number) =>
    key(id, 'vectors', typeof of === 'number' ? batchName(of) : pageName(of));
  const events = (id: string) => openRunLog(store, key(id, 'log'));
  const files = openRunFiles(store);
  const readAs = async <Value>(place: string, shape: z.ZodType<Value>) =>
    parseArtifact(place, await files.read(place), shape);
  const read = async (id: string) => {
    const place = key(id, 'run.json');
    const content = unseal(await store.read(place));
    if (content === null) throw damagedArtifact(place);
    return parseArtifact(place, content, run);
  };
  const readUnlessDamaged = (id: string) =>
    read(id).catch((error: unknown) => {
      if (isCoded(error, 'ARTIFACT_DAMAGED')) return null;
      throw error;
    });

  const ofDataset = async (dataset: string) =>
    (await store.list(root)).filter(
      id => runName.safeParse(id).success && id.slice(0, id.lastIndexOf('.')) === dataset,
    );

  const runs: Runs = {
    ofDataset,
    async newest(dataset) {
      for (const id of (await ofDataset(dataset)).reverse())
        if (await store.exists(key(id, 'run.json'))) return { id, run: await readUnlessDamaged(id) };
      return null;
    },
    create: each => store.create(key(each.run, 'run.json'), seal(`${JSON.stringify(each)}\n`)),
    read,
    async ofRequest(request) {
      const id = await store.readIfThere(requestKey(request));
      return id === null ? null : await read(id.toString('utf8')).catch(nullIfExpired);
    },
    async noteRequest(request, id) {
      await store.create(requestKey(request), id);
    },
    events,
    async note(id, event) {
      for (;;) {
        const head = await events(id).head();
        if (head !== null && (head.entry.kind === 'committed' || head.entry.kind === 'closed')) return;
        if ((await events(id).append(head?.number ?? 0, event)) !== null) return;
      }
    },

    isAnswered: (id, request) => store.exists(key(id, 'pages', pageName(request))),
    answered: async id => (await store.list(key(id, 'pages'))).flatMap(parsePageName),
    extracted: async id => (await store.list(key(id, 'turns'))).flatMap(parsePageName),
    isExtracted: (id, request) => store.exists(key(id, 'turns', pageName(request))),
    writePage: (id, request, page) => files.create(key(id, 'pages', pageName(request)), `${JSON.stringify(page)}\n`),
    readPage: (id, request) => readAs(key(id, 'pages', pageName(request)), storedPage),
    writeTurns: (id, turns) => files.create(key(id, 'turns', pageName(turns)), `${JSON.stringify(turns)}\n`),
    readTurns: (id, request) => readAs(key(id, 'turns', pageName(request)), extractedPage),

    async plan(id) {
      const place = key(id, 'plan.json');
      const content = await files.readIfThere(place);
      return content === null ? null : parseArtifact(place, content, plan);
    },
    writePlan: (id, made) => files.create(key(id, 'plan.json'), `${JSON.stringify(made)}\n`),
    async writePlanned(id, content) {
      const name = sha256Of(content);
      await store.create(key(id, 'planned', name), content);
      return name;
    },
    async readPlanned(id, name) {
      const place = key(id, 'planned', name);
      const content = await store.readIfThere(place);
      if (content !== null && sha256Of(content) === name) return content;
      throw damagedRunFile(place);
    },

    isEmbedded: (id, request) => store.exists(vectorsKey(id, request)),
    async embedded(id) {
      const names = await store.list(key(id, 'vectors'));
      return { pages: names.flatMap(parsePageName), batches: names.filter(isBatchName).map(Number) };
    },
    writeVectors: (id, of, vectors, dimension) =>
      files.create(vectorsKey(id, of), encodeTextVectors(vectors, dimension)),
    async readVectors(id, of) {
      const vectors = decodeTextVectors(await files.read(vectorsKey(id, of)));
      if (vectors === null) throw damagedRunFile(vectorsKey(id, of));
      return vectors;
    },

    async discard(file) {
      const [folder, id = '', kind] = file.split('/');
      if (folder !== root) throw new MlopsError('INTERNAL', `not a file of a run: ${file}`);
      const isPlan = kind === 'plan.json' || kind === 'planned';
      // The plan numbers its batches, so it is removed last: until then no other plan is used for embedding.
      if (isPlan) for (const batch of (await runs.embedded(id)).batches) await store.remove(vectorsKey(id, batch));
      await store.remove(file);
      if (isPlan) await store.remove(key(id, 'plan.json'));
    },
  };
  return runs;
}

function nullIfExpired(error: unknown): null {
  if (isCoded(error, 'ARTIFACT_MISSING')) return null;
  throw error;
}

/** The data of an extracted page that coverage needs. */
export function answerOf(page: ExtractedPage): Answer {
  const { pass, page: number, attempt, sentAt, total, rows, newer } = page;
  const ids = [...page.interactions.map(each => each.id), ...page.rejects.map(each => each.key)];
  return { pass, page: number, attempt, sentAt, total, rows, newer, ids };
}
