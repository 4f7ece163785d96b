import { Command, Option } from 'commander';
import { openStored } from '../../src/app/stored.ts';
import { type Outcome, stateOfAlert } from '../../src/domain/sentiment/alert.ts';
import { precisionReport } from '../../src/domain/sentiment/precision.ts';
import { MlopsError } from '../../src/errors.ts';
import { config } from '../cli/environment.ts';
import { printJson } from '../cli/json-result.ts';
import { print, say } from '../cli/terminal.ts';
import { userName } from '../cli/user-name.ts';
import { closedAlert } from './outcome.ts';
import { recommendCommand } from './recommend-command.ts';
import { describePrecision } from './show-precision.ts';

interface Flags {
  readonly confirm?: string;
  readonly refute?: string;
  readonly reason?: string;
  readonly json?: boolean;
}

export function precisionCommand(): Command {
  return (
    new Command('precision')
      // Options after `recommend` are its own.
      .enablePositionalOptions()
      .addOption(new Option('--confirm <id>', 'Record that this alert was right').conflicts('refute'))
      .option('--refute <id>', 'Record that this alert was wrong')
      .option('--reason <text>', 'Why, without a customer’s text')
      .option('--json', 'Print the result as JSON')
      .action(async (flags: Flags) => await precision(flags))
      .addCommand(recommendCommand())
  );
}

async function precision({ confirm, refute, reason, json }: Flags): Promise<void> {
  const { alerts } = openStored(config());
  const id = confirm ?? refute;
  if (id === undefined && reason !== undefined)
    throw new MlopsError('BAD_INPUT', 'requires --confirm or --refute', { field: 'reason' });
  if (reason !== undefined && reason.length > mostOfReason)
    throw new MlopsError('BAD_INPUT', `must have at most ${mostOfReason} characters`, { field: 'reason' });
  const outcome: Outcome = confirm === undefined ? 'refuted' : 'confirmed';
  const how = { outcome, reason: reason ?? null, by: userName() };
  const closed = id === undefined ? null : await closedAlert(alerts, id, how);
  const report = precisionReport(await alerts.counts());
  if (json === true) return printJson(closed === null ? report : { ...report, alert: closed });
  if (closed !== null) say(`alert ${closed.id}: ${stateOfAlert(closed)}`);
  print(describePrecision(report));
}

const mostOfReason = 2_000;
