import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import {
  addCounts,
  type ChunkLine,
  countsOf,
  type DoneLine,
  lineOf,
  noCounts,
  refusedLine,
} from '../../src/domain/entity/batch.ts';
import { extractionResultOf } from '../../src/domain/entity/extraction.ts';
import { type WordTable, wordTable } from '../../src/domain/entity/normalization.ts';
import { isCoded, MlopsError, NotNow } from '../../src/errors.ts';
import type { Limit } from '../../src/platform/endpoints.ts';
import { extractFromText } from '../../src/platform/endpoints.ts';
import { done, snooze } from '../../src/runtime/outcome.ts';
import type { DoneChunk } from '../../src/store/extractions/extractions.ts';
import type { Sealing } from '../../src/store/sealing/sealing.ts';
import { chunksToDo, finishIfDone, proveBatchWanted } from './batch-steps.ts';
import { callEach } from './calls-in-flight.ts';
import { type ChunkAnswers, type LineAnswer, readChunkAnswers } from './chunk-answers.ts';
import type { Context, Outcome } from './context.ts';
import { type EarlierAnswer, earlierAnswers } from './earlier-answers.ts';
import type { ChunkPayload } from './job.ts';
import { entitiesOf, explained } from './platform-answers.ts';
import { recordChunk } from './record-inferences.ts';

/** Chunks that one process works on at once: the other places of its workers are for requests that do not wait in a batch. */
const mostChunks = 4;
let chunksNow = 0;
/** How soon a chunk comes back that found no place, or needs one that is not finished. */
const comeBackMs = 500;

/** Tries of a call before its line fails. */
const mostTries = 8;
const backoffMs = 500;
const longestBackoffMs = 30_000;
const showEveryMs = 1_000;

/** Extracts from the lines of one chunk; a finished chunk is one object in the store. */
export async function extractChunk(payload: ChunkPayload, context: Context): Promise<Outcome> {
  const { batch, chunk } = payload;
  const { extractions } = context.resources;
  const known = await extractions.chunk(batch, chunk);
  if (known !== null) return await finished(payload, known, context);
  if (chunksNow >= mostChunks) return snooze(comeBackMs);
  chunksNow += 1;
  try {
    return await extract(payload, context);
  } finally {
    chunksNow -= 1;
  }
}

async function extract(payload: ChunkPayload, context: Context): Promise<Outcome> {
  const { batch, chunk } = payload;
  const { resources } = context;
  const { extractions } = resources;
  await proveBatchWanted(batch, resources);
  const sealing = await resources.sealing();
  const lines = await extractions.input(batch, chunk);
  const answers = await readChunkAnswers(payload, lines, resources, sealing);
  const ends = await askPlatform(payload, lines, answers, sealing, context);
  if (ends.triesAtMost > 0) return snooze(Math.min(backoffMs * 2 ** (ends.triesAtMost - 1), longestBackoffMs));
  const earlier = await earlierAnswers(batch, chunk, lines, resources);
  if (earlier === null) return snooze(comeBackMs);

  const opened = await extractions.opened(batch);
  const table = wordTable(await extractions.normalizations.read(opened.normalization));
  const results = lines.map(line => doneLineOf(line, answers, earlier, table));
  const counts = results
    .map(({ result }, index) => countsOf(result, lines[index]?.sameAs !== undefined))
    .reduce(addCounts, noCounts);
  await recordChunk(payload, lines, results, opened.by, resources);
  const made: DoneChunk = { counts, lines: results };
  await extractions.writeChunk(batch, chunk, made);
  await show(payload, lines, answers, context);
  return await finished(payload, made, context);
}

async function finished(payload: ChunkPayload, { counts }: DoneChunk, context: Context): Promise<Outcome> {
  const { batch } = payload;
  const { extractions, unfinished } = context.resources;
  await unfinished.forget(payload);
  await finishIfDone(batch, context);
  const plan = await extractions.plan(batch);
  const next = plan === null ? [] : await chunksToDo(batch, plan, context.resources);
  return done({ kind: 'chunk', counts }, { next });
}

/**
 * Asks the platform about all lines without an answer that no earlier line asks about.
 * @returns the most failed tries of a line that is to be tried again; 0 if there is none
 * @throws NotNow while the platform holds the family back
 */
async function askPlatform(
  payload: ChunkPayload,
  lines: readonly ChunkLine[],
  answers: ChunkAnswers,
  sealing: Sealing,
  context: Context,
): Promise<{ readonly triesAtMost: number }> {
  const { resources, signal } = context;
  const open = lines.filter(({ line, sameAs }) => sameAs === undefined && answers.get(line) === undefined);
  // Each call in flight listens to it.
  setMaxListeners(0, signal);
  let triesAtMost = 0;
  let shownAt = performance.now();

  async function ask(line: ChunkLine, onSent: () => void): Promise<void> {
    const began = performance.now();
    const tookMs = () => performance.now() - began;
    const keptIn = answers.keptIn(line.line, tookMs);
    try {
      const found = await whenThereIsASlot(
        () => entitiesOf(line, resources, sealing, { signal, isBulk: true, onSent, keptIn }),
        context,
      );
      const answer: LineAnswer = { kind: 'found', ...found, tookMs: tookMs() };
      if (found.source === 'api') answers.set(line.line, answer);
      else await answers.keep(line, answer);
    } catch (error) {
      if (!isCoded(error)) throw error;
      const verdict = await failedTry(line, error, answers);
      if (verdict === 'final') await answers.keep(line, refusedBy(explained(error, line)));
      else triesAtMost = Math.max(triesAtMost, verdict);
    }
    if (performance.now() - shownAt < showEveryMs) return;
    shownAt = performance.now();
    await proveBatchWanted(payload.batch, resources);
    await show(payload, lines, answers, context);
  }

  await callEach(open, waitingCalls(resources.entities.limit), ask);
  return { triesAtMost };
}

/** Calls of a chunk that wait for a slot: those of the next 300 ms, shared by the chunks that run at once. */
function waitingCalls({ count, perMs }: Limit): number {
  return Math.min(64, Math.max(2, Math.ceil((count / perMs) * 300)));
}

/**
 * Waits on the spot for a slot of the budget, but not for the platform.
 * @throws NotNow while the platform holds the family back
 */
async function whenThereIsASlot<Result>(
  ask: () => Promise<Result>,
  { resources: { budget }, signal }: Context,
): Promise<Result> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof NotNow) || (await budget.heldMs(extractFromText.family)) > 0) throw error;
      await pause(Math.max(1, error.ms), undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }
}

/**
 * What a failed call means: nothing for the batch where the platform refuses this text or answers it wrongly.
 * @returns `final`: the line has failed; else how often its call has
 * @throws MlopsError what fails the whole batch
 */
async function failedTry(line: ChunkLine, error: MlopsError, answers: ChunkAnswers): Promise<'final' | number> {
  if (isCoded(error, 'PLATFORM_REFUSED', 'PLATFORM_WRONG_SHAPE')) return 'final';
  if (!isCoded(error, 'PLATFORM_UNAVAILABLE', 'PLATFORM_SILENT', 'PLATFORM_UNREACHABLE')) throw error;
  const tries = await answers.failed(line.line);
  return tries >= mostTries ? 'final' : tries;
}

function refusedBy({ code, message }: MlopsError): LineAnswer {
  return { kind: 'refused', code, message };
}

async function show(
  { batch, chunk }: ChunkPayload,
  lines: readonly ChunkLine[],
  answers: ChunkAnswers,
  { resources, progress }: Context,
): Promise<void> {
  const known = lines.map(({ line }) => answers.get(line)).filter(answer => answer !== undefined);
  const calls = known.filter(answer => answer.kind === 'refused' || answer.source === 'api').length;
  const done = known.length;
  await resources.unfinished.show({ batch, chunk }, { done, calls, cacheHits: done - calls });
  await progress({ stage: 'extracting', done, lines: lines.length });
}

function doneLineOf(
  line: ChunkLine,
  answers: ChunkAnswers,
  earlier: ReadonlyMap<number, EarlierAnswer>,
  table: WordTable,
): DoneLine {
  const answer = line.sameAs === undefined ? answers.get(line.line) : repeated(line.sameAs.line, answers, earlier);
  if (answer === undefined)
    throw new MlopsError('INTERNAL', `line ${line.line} of a chunk has no answer, though all were asked for`);
  if (answer.kind === 'refused') {
    const { code, message } = answer;
    return { result: refusedLine(line, { code, message }), answer: null };
  }
  const result = extractionResultOf(line, answer.entities, table, { ...answer, now: 0 });
  return { result: lineOf(line, result), answer: line.sameAs === undefined ? [...answer.entities] : null };
}

type Repeated =
  | Extract<LineAnswer, { kind: 'refused' }>
  | (Omit<Extract<LineAnswer, { kind: 'found' }>, 'source'> & { source: 'batch' });

function repeated(
  line: number,
  answers: ChunkAnswers,
  earlier: ReadonlyMap<number, EarlierAnswer>,
): Repeated | undefined {
  const own = answers.get(line);
  if (own?.kind === 'refused') return own;
  if (own !== undefined) return { ...own, source: 'batch', ageMs: 0, tookMs: 0 };
  const other = earlier.get(line);
  if (other === undefined || other.kind === 'refused') return other;
  return { kind: 'found', entities: other.entities, source: 'batch', ageMs: 0, tookMs: 0 };
}
