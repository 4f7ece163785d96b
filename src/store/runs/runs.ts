import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { Answer, Ask } from '../../domain/interaction/coverage.ts';
import { type ExtractedPage, extractedPage } from '../../domain/run/answer.ts';
import { type Plan, plan } from '../../domain/run/plan.ts';
import { type Run, type RunEvent, run, runEvent } from '../../domain/run/run.ts';
import { type StoredPage, storedPage } from '../../domain/run/stored-page.ts';
import { isCoded } from '../../errors.ts';
import { bytesOf, floats } from '../artifacts/floats.ts';
import { type Log, openLog } from '../artifacts/log.ts';
import { damagedArtifact, parseArtifact } from '../artifacts/parse-artifact.ts';
import type { ArtifactStore } from '../artifacts/store.ts';

/** The curation runs of one tenant: what each was asked for, what became of it, and its pages, turns and vectors. */
export interface Runs {
  /** The newest run of a dataset, `null` before the first; its `run` is `null` where it is damaged. */
  newest(dataset: string): Promise<{ readonly id: string; readonly run: Run | null } | null>;
  /** Creates a run unless its number is taken; then `false`. */
  create(run: Run): Promise<boolean>;
  /** @throws MlopsError ARTIFACT_MISSING */
  read(runId: string): Promise<Run>;
  /** The run that the job `request` opened or joined, `null` before it has: a request is answered once, whatever happens. */
  ofRequest(request: string): Promise<Run | null>;
  noteRequest(request: string, runId: string): Promise<void>;
  /** What happened to the run, oldest first. */
  events(runId: string): Log<RunEvent>;
  /** Notes `event` as the newest, unless the run is over already. */
  note(runId: string, event: RunEvent): Promise<void>;

  isAnswered(runId: string, ask: Ask): Promise<boolean>;
  /** The questions that have been answered, and those whose turns have been extracted. */
  answered(runId: string): Promise<Ask[]>;
  extracted(runId: string): Promise<Ask[]>;
  writePage(runId: string, ask: Ask, page: StoredPage): Promise<boolean>;
  readPage(runId: string, ask: Ask): Promise<StoredPage>;
  writeTurns(runId: string, turns: ExtractedPage): Promise<boolean>;
  readTurns(runId: string, ask: Ask): Promise<ExtractedPage>;

  /** The plan of the embedding, `null` before it is made. */
  plan(runId: string): Promise<Plan | null>;
  writePlan(runId: string, plan: Plan): Promise<boolean>;
  /** Writes a file of the plan and returns its name, its content's hash. */
  writePlanned(runId: string, content: Uint8Array): Promise<string>;
  readPlanned(runId: string, name: string): Promise<Buffer>;

  /** The batches whose vectors exist. */
  embedded(runId: string): Promise<number[]>;
  writeVectors(runId: string, batch: number, vectors: Float32Array): Promise<boolean>;
  /** The vectors of a batch, `count` numbers in all. */
  readVectors(runId: string, batch: number, count: number): Promise<Float32Array>;
}

const root = 'runs';

/** Listed in this order, questions stand by pass, page and attempt. */
export function askName({ pass, page, attempt }: Ask): string {
  return `${pass}.${String(page).padStart(7, '0')}.${attempt}`;
}

function parseAsk(name: string): Ask {
  const [pass = 0, page = 0, attempt = 0] = name.split('.').map(Number);
  return { pass, page, attempt };
}

/** Its hash, because a job's id may hold what no key of an artifact does. */
const requestKey = (request: string) => `requests/${createHash('sha256').update(request).digest('hex')}`;

const batchName = (batch: number) => String(batch).padStart(7, '0');

export function openRuns(store: ArtifactStore): Runs {
  const key = (id: string, ...rest: string[]) => [root, id, ...rest].join('/');
  const events = (id: string) => openLog(store, key(id, 'log'), runEvent);
  const readAs = async <Value>(place: string, shape: z.ZodType<Value>) =>
    parseArtifact(place, await store.read(place), shape);
  const read = (id: string) => readAs(key(id, 'run.json'), run);
  const readUnlessDamaged = (id: string) =>
    read(id).catch((error: unknown) => {
      if (isCoded(error, 'ARTIFACT_DAMAGED')) return null;
      throw error;
    });

  return {
    async newest(dataset) {
      const ids = (await store.list(root)).filter(id => id.slice(0, id.lastIndexOf('.')) === dataset);
      for (const id of ids.reverse())
        if (await store.exists(key(id, 'run.json'))) return { id, run: await readUnlessDamaged(id) };
      return null;
    },
    create: each => store.create(key(each.run, 'run.json'), `${JSON.stringify(each)}\n`),
    read,
    async ofRequest(request) {
      const id = await store.readIfThere(requestKey(request));
      return id === null ? null : await read(id.toString('utf8'));
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

    isAnswered: (id, ask) => store.exists(key(id, 'pages', askName(ask))),
    answered: async id => (await store.list(key(id, 'pages'))).map(parseAsk),
    extracted: async id => (await store.list(key(id, 'turns'))).map(parseAsk),
    writePage: (id, ask, page) => store.create(key(id, 'pages', askName(ask)), JSON.stringify(page)),
    readPage: (id, ask) => readAs(key(id, 'pages', askName(ask)), storedPage),
    writeTurns: (id, turns) => store.create(key(id, 'turns', askName(turns)), JSON.stringify(turns)),
    readTurns: (id, ask) => readAs(key(id, 'turns', askName(ask)), extractedPage),

    async plan(id) {
      const place = key(id, 'plan.json');
      const content = await store.readIfThere(place);
      return content === null ? null : parseArtifact(place, content, plan);
    },
    writePlan: (id, made) => store.create(key(id, 'plan.json'), JSON.stringify(made)),
    async writePlanned(id, content) {
      const name = createHash('sha256').update(content).digest('hex');
      await store.create(key(id, 'planned', name), content);
      return name;
    },
    async readPlanned(id, name) {
      const content = await store.read(key(id, 'planned', name));
      if (createHash('sha256').update(content).digest('hex') === name) return content;
      throw damagedArtifact(key(id, 'planned', name));
    },

    embedded: async id => (await store.list(key(id, 'vectors'))).map(Number),
    writeVectors: (id, batch, vectors) => store.create(key(id, 'vectors', batchName(batch)), bytesOf(vectors)),
    async readVectors(id, batch, count) {
      const content = await store.read(key(id, 'vectors', batchName(batch)));
      if (content.byteLength === count * Float32Array.BYTES_PER_ELEMENT) return floats(content);
      throw damagedArtifact(key(id, 'vectors', batchName(batch)));
    },
  };
}

/** What coverage has to know of an extracted page. */
export function answerOf(page: ExtractedPage): Answer {
  const { pass, page: number, attempt, askedAt, total, rows, newer } = page;
  const ids = [...page.interactions.map(each => each.id), ...page.rejects.map(each => each.key)];
  return { pass, page: number, attempt, askedAt, total, rows, newer, ids };
}
