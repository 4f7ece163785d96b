import { checkChain } from '../../domain/audit/chain.ts';
import { foldChanges, type OpenIntent } from '../../domain/audit/changes.ts';
import type { AuditEntry, StoredText } from '../../domain/audit/entry.ts';
import type { AuditFinding, Position } from '../../domain/audit/segment.ts';
import { logFolder, type Segments } from './segments.ts';
import { isBatched, type TextBatches } from './text-batches.ts';
import type { Texts } from './texts.ts';

/** The result of checking the whole log. No findings: no entry was altered, and none is missing in between. */
export interface AuditReport {
  readonly segments: number;
  readonly entries: number;
  /** The newest segment. Stored elsewhere, it lets the next check detect truncation. `null`: the log is empty. */
  readonly head: Position | null;
  readonly findings: readonly AuditFinding[];
  /** Changes without an outcome: not a finding, but worth checking. */
  readonly openIntents: readonly OpenIntent[];
  /** Erased texts whose entries are kept. */
  readonly erasedTexts: number;
}

/** A text to check, with the number of the segment that names it. */
interface NamedText {
  readonly segment: number;
  readonly text: StoredText;
}

/** Returns what is wrong with an entry, by data outside the audit log. */
export type EntryCheck = (entry: AuditEntry) => string[];

const textsAtOnce = 32;

/** Reads the log once, from its first segment to the current newest one, with a few segments in memory at a time. */
export async function verifyAudit(
  segments: Segments,
  texts: Texts,
  batches: TextBatches,
  expected?: Position,
  check: EntryCheck = () => [],
): Promise<AuditReport> {
  const { numbers, strays } = await segments.list();
  const findings: AuditFinding[] = strays.map(name => ({
    segment: null,
    what: `${logFolder}/${name} is not a segment`,
  }));
  const chain = checkChain(expected);
  const changes = foldChanges();
  let seen = 0;
  let entries = 0;
  let erasedTexts = 0;
  let named: NamedText[] = [];

  async function lookAtTexts(): Promise<void> {
    const states = await Promise.all(
      named.map(async each => ({
        ...each,
        state: await (isBatched(each.text) ? batches.state(each.text) : texts.state(each.text)),
      })),
    );
    for (const { segment, text, state } of states) {
      if (state === 'erased') erasedTexts++;
      if (state === 'altered') findings.push({ segment, what: `the text ${nameOf(text)} was altered` });
    }
    named = [];
  }

  for await (const found of segments.read(numbers)) {
    seen++;
    findings.push(...chain.next(found));
    if (found.segment === null) continue;
    const { number, segment } = found;
    entries += segment.entries.length;
    const isWholeSoFar = findings.length === 0;
    // In a broken log the intent may be in a missing segment, which is already reported.
    for (const stray of changes.next(number, segment.entries))
      if (isWholeSoFar)
        findings.push({ segment: number, what: `an outcome of ${stray.what} ${stray.id} without an intent before it` });
    for (const entry of segment.entries) findings.push(...check(entry).map(what => ({ segment: number, what })));
    for (const { text } of segment.entries) {
      if (text !== undefined) named.push({ segment: number, text });
      if (named.length >= textsAtOnce) await lookAtTexts();
    }
  }
  await lookAtTexts();
  findings.push(...chain.end());
  return { segments: seen, entries, head: chain.head, findings, openIntents: changes.open(), erasedTexts };
}

function nameOf({ file, line }: StoredText): string {
  return line === undefined ? file : `${file} line ${line + 1}`;
}
