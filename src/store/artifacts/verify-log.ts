import type { HeadHint } from './head-hint.ts';
import { decodeEntry, type EntryShape, nameOfEntry, numberOfName, type Position } from './log-entry.ts';
import type { ArtifactStore } from './store.ts';

/** A problem of a log, and the key of its file. */
export interface LogFinding {
  readonly where: string;
  readonly what: string;
}

/** Entries per chunk; one chunk is in memory at a time. */
const entriesAtOnce = 32;

/** Reads a log once, from its first entry to its last: damage, broken links, gaps, a lost end, and files that are not entries. */
export async function verifyLog<Entry>(
  store: ArtifactStore,
  folder: string,
  shape: EntryShape<Entry>,
  hint: HeadHint,
): Promise<LogFinding[]> {
  const key = (number: number) => `${folder}/${nameOfEntry(number)}`;
  const hinted = await hint.read();
  const names = await store.list(folder);
  const numbers = names.map(numberOfName).filter(number => number !== null);
  const findings: LogFinding[] = names
    .filter(name => numberOfName(name) === null)
    .map(name => ({ where: `${folder}/${name}`, what: 'it is not an entry of this log: remove it' }));

  let before: Position | null = null;
  let isBeforeWhole = true;
  for (let start = 0; start < numbers.length; start += entriesAtOnce) {
    const some = numbers.slice(start, start + entriesAtOnce);
    const found = await Promise.all(some.map(number => store.readIfThere(key(number))));
    for (const [index, number] of some.entries()) {
      const bytes = found[index] ?? null;
      findings.push(...gap(folder, before?.number ?? 0, number));
      if (bytes === null) {
        findings.push({ where: key(number), what: 'it is missing' });
        continue;
      }
      const decoded = decodeEntry(number, bytes, shape);
      if (decoded.kind === 'damaged') findings.push({ where: key(number), what: `damaged: ${decoded.damage}` });
      else if (isBeforeWhole && before?.number === number - 1 && decoded.previous !== before.sha256)
        findings.push({
          where: key(number - 1),
          what: `damaged: entry ${number} holds another SHA-256 of it, or ${number} was altered`,
        });
      if (hinted?.number === number && hinted.sha256 !== decoded.position.sha256)
        findings.push({ where: key(number), what: 'damaged: it is not the entry that was written' });
      before = decoded.position;
      isBeforeWhole = decoded.kind === 'whole';
    }
  }
  findings.push(...lostEnd(folder, before?.number ?? 0, hinted?.number ?? 0));
  return findings;
}

function gap(folder: string, last: number, number: number): LogFinding[] {
  if (number === last + 1) return [];
  const where = `${folder}/${nameOfEntry(last + 1)}`;
  const up = number === last + 2 ? '' : `, and so are all up to ${number - 1}`;
  return [{ where, what: `it is missing${up}` }];
}

function lostEnd(folder: string, last: number, reached: number): LogFinding[] {
  if (reached <= last) return [];
  return [
    {
      where: `${folder}/${nameOfEntry(last + 1)}`,
      what: `it is missing: the log ends at ${last}, though it once reached ${reached}`,
    },
  ];
}
