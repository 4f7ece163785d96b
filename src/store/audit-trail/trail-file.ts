import { createReadStream, createWriteStream } from 'node:fs';
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { MlopsError } from '../../errors.ts';
import { privateFile } from '../artifacts/private.ts';
import { replaceFile, unwritable } from '../output-file.ts';
import { type LeftProgress, openProgress, type PageMark, readProgress } from './export-progress.ts';

/** An event of the audit trail, whose fields the platform does not document. */
export type TrailEvent = Readonly<Record<string, unknown>>;

export const trailFormats = ['jsonl', 'csv'] as const;
export type TrailFormat = (typeof trailFormats)[number];

/**
 * The file of an export. Until it is finished, `FILE.partial` holds the events as JSON lines and `FILE.progress` how far
 * it is, so that an interrupted export goes on at the page where it stopped. FILE itself is replaced at the end.
 */
export interface TrailFile {
  /** What the pages so far hold; all of an interrupted export too. */
  readonly reached: PageMark;
  /** The cursors of all pages so far but the first, which has none. */
  readonly cursors: ReadonlySet<string>;
  /** Adds a page, durably. */
  add(events: readonly TrailEvent[], next: string | null): Promise<void>;
  /** Replaces FILE, and removes the other two. */
  finish(format: TrailFormat): Promise<void>;
  /** Removes what was exported: the next export starts from the first page. */
  discard(): Promise<void>;
  /** Keeps what was exported, for the next export. */
  close(): Promise<void>;
}

/**
 * @param source what is exported: an export of another source is not continued
 * @param restarts whether an interrupted export is not continued either
 * @throws MlopsError BAD_INPUT if another process is writing it; STORE_UNWRITABLE
 */
export async function openTrailFile(out: string, source: string, restarts: boolean): Promise<TrailFile> {
  const [partial, progressFile] = [`${out}.partial`, `${out}.progress`];
  try {
    const left = await readProgress(progressFile);
    if (left !== null) refuseRunning(out, left);
    const marks = restarts || left?.source !== source ? [] : await provenMarks(partial, left.marks);
    return await begin({ out, partial, progressFile }, { source, pid: process.pid, marks });
  } catch (error) {
    throw unwritable(out, error);
  }
}

interface Paths {
  readonly out: string;
  readonly partial: string;
  readonly progressFile: string;
}

const start: PageMark = { pages: 0, events: 0, bytes: 0, next: null };

async function begin({ out, partial, progressFile }: Paths, left: LeftProgress): Promise<TrailFile> {
  let reached = left.marks.at(-1) ?? start;
  const cursors = new Set(left.marks.map(({ next }) => next).filter(next => next !== null));
  const file = await open(partial, 'a', privateFile);
  await file.truncate(reached.bytes);
  const progress = await openProgress(progressFile, left);

  async function close(): Promise<void> {
    await file.close();
    await progress.close();
  }

  return {
    get reached() {
      return reached;
    },
    cursors,
    async add(events, next) {
      try {
        const lines = events.map(event => `${JSON.stringify(event)}\n`).join('');
        await write(file, lines);
        const bytes = reached.bytes + Buffer.byteLength(lines);
        const mark = { pages: reached.pages + 1, events: reached.events + events.length, bytes, next };
        await progress.add(mark);
        reached = mark;
        if (next !== null) cursors.add(next);
      } catch (error) {
        throw unwritable(out, error);
      }
    },
    async finish(format) {
      await close();
      if (format === 'csv') await replaceFile(out, target => writeCsv(partial, target));
      else await replaceFile(out, target => rename(partial, target));
      await rm(progressFile, { force: true });
      await rm(partial, { force: true });
    },
    async discard() {
      await close();
      await rm(progressFile, { force: true });
      await rm(partial, { force: true });
    },
    close,
  };
}

async function write(file: FileHandle, lines: string): Promise<void> {
  if (lines === '') return;
  await file.writeFile(lines);
  await file.sync();
}

/** The marks, if the partial file holds all that they say. */
async function provenMarks(partial: string, marks: readonly PageMark[]): Promise<readonly PageMark[]> {
  const size = (await stat(partial).catch(() => null))?.size ?? 0;
  return size >= (marks.at(-1)?.bytes ?? 0) ? marks : [];
}

function refuseRunning(out: string, { pid }: LeftProgress): void {
  if (pid === process.pid || !isRunning(pid)) return;
  throw new MlopsError('BAD_INPUT', `${out} is being written by another export (process ${pid}). Wait for its end`, {
    field: 'out',
  });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A column for each field of any event, in the order in which they first appear; objects and lists as JSON. */
async function writeCsv(partial: string, target: string): Promise<void> {
  const columns = new Set<string>();
  for await (const event of eventsOf(partial)) for (const name of Object.keys(event)) columns.add(name);
  const names = [...columns];
  const records = async function* () {
    yield csvLine(names);
    for await (const event of eventsOf(partial)) yield csvLine(names.map(name => cellOf(event[name])));
  };
  await pipeline(Readable.from(records()), createWriteStream(target, { mode: privateFile }));
}

async function* eventsOf(partial: string): AsyncGenerator<TrailEvent> {
  for await (const line of createInterface({ input: createReadStream(partial), crlfDelay: Number.POSITIVE_INFINITY }))
    yield JSON.parse(line);
}

function cellOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** RFC 4180, with line feeds. */
function csvLine(cells: readonly string[]): string {
  return `${cells.map(cell => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\n`;
}
