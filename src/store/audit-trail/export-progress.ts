import { type FileHandle, open, readFile, rm } from 'node:fs/promises';
import { z } from 'zod';
import { systemCode } from '../../errors.ts';
import { privateFile } from '../artifacts/private.ts';

/** How far an export is: what its file holds, and where the next page is. */
export interface PageMark {
  readonly pages: number;
  readonly events: number;
  /** Of the file. */
  readonly bytes: number;
  /** The cursor of the next page; `null` after the last one. */
  readonly next: string | null;
}

const begun = z.strictObject({ source: z.string(), pid: z.int() });
const mark = z.strictObject({ pages: z.int(), events: z.int(), bytes: z.int(), next: z.string().nullable() });

/** What an interrupted export left. */
export interface LeftProgress {
  /** What was exported, such as the address of a service and the format. */
  readonly source: string;
  /** The process that wrote it last. */
  readonly pid: number;
  readonly marks: readonly PageMark[];
}

/** A file beside the export, to which each page adds a line: a crash loses the last one at most. */
export interface ExportProgress {
  add(mark: PageMark): Promise<void>;
  close(): Promise<void>;
}

/** Lines that do not parse, and those after them, are as if they were not there. @returns `null` if nothing was left */
export async function readProgress(file: string): Promise<LeftProgress | null> {
  const lines = (await textOf(file)).split('\n').slice(0, -1).map(parsedLine);
  let last: z.infer<typeof begun> | null = null;
  const marks: PageMark[] = [];
  for (const line of lines) {
    const beginning = begun.safeParse(line).data;
    const page = mark.safeParse(line).data;
    if (beginning !== undefined) last = beginning;
    else if (page !== undefined) marks.push(page);
    else break;
  }
  return last === null ? null : { ...last, marks };
}

/** Writes what is left of an interrupted export again, without a torn line, and goes on behind it. */
export async function openProgress(file: string, { source, pid, marks }: LeftProgress): Promise<ExportProgress> {
  await rm(file, { force: true });
  const handle = await open(file, 'wx', privateFile);
  await addLines(handle, [{ source, pid }, ...marks]);
  return {
    add: async each => await addLines(handle, [each]),
    close: () => handle.close(),
  };
}

async function addLines(handle: FileHandle, lines: readonly object[]): Promise<void> {
  await handle.write(lines.map(line => `${JSON.stringify(line)}\n`).join(''));
  await handle.sync();
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return '';
    throw error;
  }
}

function parsedLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
