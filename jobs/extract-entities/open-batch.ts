import {
  type BatchOptions,
  type ChunkLine,
  chunkLines,
  mostLines,
  type RejectedLine,
} from '../../src/domain/entity/batch.ts';
import { MlopsError } from '../../src/errors.ts';
import { done } from '../../src/runtime/outcome.ts';
import type { BatchPlan, BatchTerms, OpenedBatch } from '../../src/store/extractions/extractions.ts';
import { inputLines } from '../../src/store/extractions/input-lines.ts';
import type { Upload } from '../../src/store/uploads/uploads.ts';
import { chunksToDo, finishIfDone } from './batch-steps.ts';
import type { Context, Outcome } from './context.ts';
import { type BatchPayload, extractionJobId } from './job.ts';
import { answerKey } from './platform-answers.ts';

/** Opens the batch of a request, or joins the same one that is not finished; then starts its chunks. */
export async function openBatch(payload: BatchPayload, context: Context): Promise<Outcome> {
  const { extractions, cancellations } = context.resources;
  await cancellations.proveWanted(extractionJobId(payload.request));
  const batch = (await extractions.batchOf(payload.request)) ?? (await newOrJoined(payload, context));
  const plan = (await extractions.plan(batch)) ?? (await split(batch, payload, context));
  await finishIfDone(batch, context);
  // What has ended without a finished chunk runs again: it failed, or the store was restored.
  const next = await chunksToDo(batch, plan, context.resources);
  return done({ kind: 'batch', batch, lines: plan.lines }, { next, restart: 'always' });
}

async function newOrJoined(payload: BatchPayload, { resources }: Context): Promise<string> {
  const { extractions } = resources;
  const { options, normalization, onBadLine, ref, by } = payload;
  const upload = await uploadOf(payload, resources);
  const terms: BatchTerms = { sha256: upload.sha256, options, normalization, onBadLine };
  for (;;) {
    const newest = await extractions.newest(terms);
    const isDone = newest !== null && (await extractions.counts(newest)) !== null;
    const joins = newest !== null && (!isDone || payload.reuse);
    const opened: OpenedBatch = { ...terms, ref, name: upload.name, at: new Date().toISOString(), by };
    const batch = joins ? newest : await extractions.open(newest, opened);
    if (batch !== null) return await extractions.bind(payload.request, batch);
  }
}

async function uploadOf({ ref }: { readonly ref: string }, { uploads }: Context['resources']): Promise<Upload> {
  const upload = await uploads.find(ref);
  if (upload !== null) return upload;
  throw new MlopsError('UPLOAD_NOT_FOUND', `upload ${ref} was not found or has expired. Upload the file again`, {
    field: 'ref',
  });
}

/** Writes the lines of a batch's file in chunks. Of lines that ask the platform the same, the later ones name the first. */
async function split(batch: string, payload: BatchPayload, context: Context): Promise<BatchPlan> {
  const { resources, signal } = context;
  const { extractions, uploads, entities } = resources;
  const opened = await extractions.opened(batch);
  const upload = await uploadOf(payload, resources);
  const sealing = await resources.sealing();
  const terms = { maxTextKb: entities.maxTextKb, defaults: defaultsOf(opened.options, opened.at) };
  /** By the key of the platform's request: the first line that makes it. */
  const first = new Map<string, { line: number; chunk: number }>();
  const rejects: RejectedLine[] = [];
  let chunk: ChunkLine[] = [];
  let [lines, emptyLines, chunks, rejected] = [0, 0, 0, 0];
  const write = async () => {
    await extractions.writeInput(batch, chunks, chunk);
    chunks += 1;
    chunk = [];
    await context.progress({ stage: 'reading', lines });
  };
  for await (const each of inputLines(uploads.read(upload), terms)) {
    signal.throwIfAborted();
    if (each.kind === 'empty') emptyLines += 1;
    if (each.kind === 'rejected') {
      rejected += 1;
      refuseIfStopping(opened, upload.name, each);
      rejects.push({ line: each.line, code: 'BAD_INPUT', message: each.message });
    }
    if (each.kind !== 'request') continue;
    lines += 1;
    if (lines > mostLines) throw tooManyLines(upload.name);
    const key = answerKey(sealing, each.request);
    const sameAs = first.get(key);
    if (sameAs === undefined) first.set(key, { line: each.line, chunk: chunks });
    chunk.push({ ...each.request, line: each.line, ...(sameAs !== undefined && { sameAs }) });
    if (chunk.length === chunkLines) await write();
  }
  if (chunk.length > 0) await write();
  await extractions.writeRejects(batch, rejects.map(each => `${JSON.stringify(each)}\n`).join(''));
  const plan = { lines, chunks, rejects: rejected, emptyLines };
  await extractions.writePlan(batch, plan);
  return plan;
}

/** Relative dates refer to the opening of the batch, so that each attempt gives the same results. */
function defaultsOf(options: BatchOptions, at: string) {
  const { language, types, threshold, timeZone, referenceTime = at, prefer } = options;
  return { language, types, threshold, timeZone, referenceTime, prefer };
}

function refuseIfStopping(
  { onBadLine }: OpenedBatch,
  name: string,
  { line, message }: { line: number; message: string },
) {
  if (onBadLine === 'skip') return;
  throw new MlopsError(
    'BAD_INPUT',
    `${name}:${line}: ${message}. Correct the line, or leave out invalid lines with skip`,
    {
      where: `${name}:${line}`,
      field: 'ref',
    },
  );
}

export function tooManyLines(name: string): MlopsError {
  return new MlopsError(
    'BAD_INPUT',
    `${name} has more than ${mostLines.toLocaleString('en-US')} lines: split it into several files`,
    { field: 'ref' },
  );
}
