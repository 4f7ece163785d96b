import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { StoredText } from '../../domain/audit/entry.ts';
import { isCoded } from '../../errors.ts';
import { sha256Of } from '../artifacts/sealed.ts';
import type { ArtifactStore } from '../artifacts/store.ts';
import type { TextState } from './texts.ts';

/**
 * Customers' texts of many entries in one side file, a line each: `audit/texts/<batch>/<edition>`. A line is
 * `[salt, text]` as JSON, and empty once it is erased. Erasing writes the next edition without the text, then removes the
 * earlier ones, so that a crash in between leaves both and the newest counts.
 */
export interface TextBatches {
  write(texts: readonly string[]): Promise<BatchedText[]>;
  state(text: BatchedText): Promise<TextState>;
  /** `null` once it is erased. */
  read(text: BatchedText): Promise<string | null>;
  /** How many of these texts of one file are still there, in any edition. */
  count(texts: readonly BatchedText[]): Promise<number>;
  /** Erases these texts of one file. */
  erase(texts: readonly BatchedText[]): Promise<void>;
  /** Removes a file whose entries were not appended. */
  remove(text: BatchedText): Promise<void>;
}

export type BatchedText = StoredText & { readonly line: number };

export function isBatched(text: StoredText): text is BatchedText {
  return text.line !== undefined;
}

const root = 'audit/texts';
const saltBytes = 16;
const firstEdition = '0';
/** Entries of one batch are checked one after the other: its file is read once. */
const keptFiles = 4;
const saltAndText = z.tuple([z.string(), z.string()]);

interface Edition {
  readonly number: number;
  readonly lines: readonly string[];
}

export function openTextBatches(store: ArtifactStore): TextBatches {
  const recent = new Map<string, Promise<Edition | null>>();
  const folderOf = ({ file }: StoredText) => file.slice(0, file.lastIndexOf('/'));

  /** The newest edition of a folder; `null` if none is left. */
  async function newest(folder: string): Promise<Edition | null> {
    const number = (await editionsIn(folder)).at(-1);
    if (number === undefined) return null;
    return { number, lines: await linesOf(folder, number) };
  }

  async function linesOf(folder: string, number: number): Promise<readonly string[]> {
    const content = await store.readIfThere(`${folder}/${number}`);
    return content?.toString('utf8').split('\n') ?? [];
  }

  async function editionsIn(folder: string): Promise<number[]> {
    const names = await store.list(folder);
    const numbers = names.filter(name => /^\d{1,6}$/.test(name)).map(Number);
    return numbers.sort((one, other) => one - other);
  }

  async function lineOf(text: BatchedText): Promise<string> {
    const folder = folderOf(text);
    const known = recent.get(folder) ?? newest(folder);
    recent.delete(folder);
    recent.set(folder, known);
    known.catch(() => recent.delete(folder));
    for (const each of recent.keys()) if (recent.size > keptFiles) recent.delete(each);
    return (await known)?.lines[text.line] ?? '';
  }

  /** @returns whether the edition was written: another process may have written one of this number */
  async function eraseFrom(folder: string, edition: Edition, erased: ReadonlySet<number>): Promise<boolean> {
    const lines = edition.lines.map((line, index) => (erased.has(index) ? '' : line));
    return await store.create(`${folder}/${edition.number + 1}`, lines.join('\n'));
  }

  async function removeEarlier(folder: string): Promise<void> {
    for (const number of (await editionsIn(folder)).slice(0, -1)) await store.remove(`${folder}/${number}`);
  }

  return {
    async write(texts) {
      const file = `${root}/${randomUUID()}/${firstEdition}`;
      const lines = texts.map(text => JSON.stringify([randomBytes(saltBytes).toString('hex'), text]));
      await store.create(file, lines.join('\n'));
      return lines.map((content, line) => ({ hash: sha256Of(content), file, line }));
    },
    async state(text) {
      try {
        const line = await lineOf(text);
        if (line === '') return 'erased';
        return sha256Of(line) === text.hash ? 'whole' : 'altered';
      } catch (error) {
        if (isCoded(error, 'STORE_UNREADABLE')) return 'altered';
        throw error;
      }
    },
    async read(text) {
      const line = await lineOf(text);
      return line === '' || sha256Of(line) !== text.hash ? null : saltAndText.parse(JSON.parse(line))[1];
    },
    async count(texts) {
      const [first] = texts;
      if (first === undefined) return 0;
      // A crash may have left an edition that still holds the texts.
      const contents = await Promise.all(
        (await editionsIn(folderOf(first))).map(number => linesOf(folderOf(first), number)),
      );
      return texts.filter(({ line }) => contents.some(lines => (lines[line] ?? '') !== '')).length;
    },
    async erase(texts) {
      const [first] = texts;
      if (first === undefined) return;
      const folder = folderOf(first);
      recent.delete(folder);
      const erased = new Set(texts.map(({ line }) => line));
      for (;;) {
        const edition = await newest(folder);
        const isErased = edition?.lines.every((line, index) => line === '' || !erased.has(index)) ?? true;
        if (edition !== null && !isErased && !(await eraseFrom(folder, edition, erased))) continue;
        return await removeEarlier(folder);
      }
    },
    remove: text => store.remove(folderOf(text)),
  };
}
