import { Command, InvalidArgumentError } from 'commander';
import { openStored } from '../../src/app/stored.ts';
import type { Position } from '../../src/domain/audit/segment.ts';
import { type Audit, openAudit } from '../../src/store/audit/audit.ts';
import type { AuditTail } from '../../src/store/audit/tail.ts';
import type { AuditReport } from '../../src/store/audit/verify.ts';
import { verifyChanges } from '../../src/store/audit/verify-changes.ts';
import { commandLine } from './called-as.ts';
import { config } from './environment.ts';
import { exitCodes } from './exit.ts';
import { printJson } from './json-result.ts';
import * as option from './options.ts';
import { print, say, table } from './terminal.ts';

/** The audit log of the configured tenant. It is in the store; no queue is needed. */
function audit(): Audit {
  return openAudit(openStored(config()).store);
}

export function auditCommand(): Command {
  return new Command('audit').addCommand(verifyCommand()).addCommand(tailCommand()).addCommand(eraseCommand());
}

interface VerifyFlags {
  readonly expect?: Position;
  readonly json?: boolean;
}

function verifyCommand(): Command {
  return new Command('verify')
    .description(
      'Verify that no entry was altered or is missing, here and in the logs of pushes, trainings, models, schedules and alerts; exits 1 with the findings',
    )
    .option('--expect <number:hash>', 'Head printed by an earlier verify; needed to detect truncation', position)
    .option('--json', 'Print the result as JSON')
    .action(async ({ expect, json }: VerifyFlags) => {
      const report = await verifyChanges(openStored(config()), expect);
      if (json === true) printJson(report);
      else printReport(report);
      if (report.findings.length > 0) process.exitCode = exitCodes.failed;
    });
}

function printReport({ segments, entries, head, findings, openIntents, erasedTexts }: AuditReport): void {
  for (const { segment, what } of findings) print(segment === null ? what : `segment ${segment}: ${what}`);
  print(
    table([
      ['segments', segments],
      ['entries', entries],
      ['erased texts', erasedTexts],
      ['changes without an outcome', openIntents.length],
      ['head', head === null ? 'none: the log is empty' : `${head.number}:${head.sha256}`],
    ]),
  );
  for (const { segment, at, what, id, by } of openIntents)
    print(plain(`  without an outcome: ${at}  ${what}  ${id}  by ${by}  (segment ${segment})`));
}

interface TailFlags {
  readonly entries: number;
  readonly json?: boolean;
}

function tailCommand(): Command {
  return new Command('tail')
    .description('Show the newest entries, oldest first')
    .option('-n, --entries <n>', 'Number of entries', option.wholeNumber, 20)
    .option('--json', 'Print the entries as JSON')
    .action(async ({ entries: count, json }: TailFlags) => {
      const { entries, damaged } = await audit().tail(count);
      for (const number of damaged) say(`segment ${number} is damaged: see ${commandLine('audit verify')}`);
      if (json === true) return printJson({ entries, damaged });
      if (entries.length + damaged.length === 0) return say('the audit log is empty');
      for (const entry of entries) print(line(entry));
    });
}

const shownDetails = 160;

function line({ at, kind, what, id, by, details }: AuditTail['entries'][number]): string {
  const all = JSON.stringify(details);
  const short = all.length > shownDetails ? `${all.slice(0, shownDetails)}…` : all;
  return plain([at, kind.padEnd('inference'.length), what, id, by, short].join('  '));
}

/** Ids and names may come from outside: control characters and line breaks are replaced. */
function plain(text: string): string {
  return text.replace(/\p{Cc}/gu, '?');
}

function eraseCommand(): Command {
  return new Command('erase')
    .description('Erase customer text from the entries of a change (entries are kept)')
    .argument('<id>', 'Id of the change or request, as in audit tail')
    .option('--by <name>', 'Requester, for the log', 'operator')
    .option('--json', 'Print the result as JSON')
    .action(async (id: string, { by, json }: { by: string; json?: boolean }) => {
      const erased = await audit().eraseTexts(id, by);
      if (json === true) printJson({ id, erased });
      else print(erased === 0 ? `${id}: no texts found` : `${id}: texts erased: ${erased}`);
    });
}

function position(text: string): Position {
  const [, number, sha256] = /^([1-9]\d{0,11}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (number === undefined || sha256 === undefined)
    throw new InvalidArgumentError('It must be NUMBER:HASH, the head that audit verify printed.');
  return { number: Number(number), sha256 };
}
