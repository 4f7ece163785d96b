import { Command, Option } from 'commander';
import { openStored, type Stored } from '../../src/app/stored.ts';
import { type Outcome, stateOfAlert } from '../../src/domain/sentiment/alert.ts';
import { triggerKey } from '../../src/domain/sentiment/calibration.ts';
import { lastApplied } from '../../src/domain/sentiment/calibration-log.ts';
import { type PrecisionReport, precisionReport } from '../../src/domain/sentiment/precision.ts';
import { MlopsError } from '../../src/errors.ts';
import { config } from '../cli/environment.ts';
import { printJson } from '../cli/json-result.ts';
import { openReportFolder } from '../cli/report-folder.ts';
import { print, say } from '../cli/terminal.ts';
import { userName } from '../cli/user-name.ts';
import { closedAlert } from './outcome.ts';
import { recommendCommand } from './recommend-command.ts';
import { describePrecision } from './show-precision.ts';

interface Flags {
  readonly confirm?: string;
  readonly refute?: string;
  readonly reason?: string;
  readonly report?: string;
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
      .option('--report <dir>', 'Write the report (HTML and JSON) to this folder')
      .option('--json', 'Print the result as JSON')
      .action(async (flags: Flags) => await precision(flags))
      .addCommand(recommendCommand())
  );
}

async function precision({ confirm, refute, reason, report: dir, json }: Flags): Promise<void> {
  const stored = openStored(config());
  const { alerts } = stored;
  const id = confirm ?? refute;
  if (id === undefined && reason !== undefined)
    throw new MlopsError('BAD_INPUT', 'requires --confirm or --refute', { field: 'reason' });
  if (reason !== undefined && reason.length > mostOfReason)
    throw new MlopsError('BAD_INPUT', `must have at most ${mostOfReason} characters`, { field: 'reason' });
  const outcome: Outcome = confirm === undefined ? 'refuted' : 'confirmed';
  const folder = dir === undefined ? null : await openReportFolder(dir);
  const how = { outcome, reason: reason ?? null, by: userName() };
  const closed = id === undefined ? null : await closedAlert(alerts, id, how);
  const report = precisionReport(await alerts.counts());
  await folder?.write(await reportFiles(stored, report));
  if (json === true) return printJson(closed === null ? report : { ...report, alert: closed });
  if (closed !== null) say(`alert ${closed.id}: ${stateOfAlert(closed)}`);
  print(describePrecision(report));
}

async function reportFiles(
  { alerts, calibrations }: Pick<Stored, 'alerts' | 'calibrations'>,
  precision: PrecisionReport,
): Promise<Readonly<Record<string, string>>> {
  const { precisionPage } = await import('../../src/reports/precision-report.ts');
  const triggers = lastApplied((await calibrations.read()).log)?.body.alert_triggers ?? [];
  const figures = {
    tenant: config().tenant.key,
    at: new Date().toISOString(),
    precision,
    scores: await alerts.scores(),
    thresholds: new Map(triggers.map(each => [triggerKey(each), each.threshold])),
  };
  const { tenant, at } = figures;
  return {
    'precision.html': precisionPage(figures),
    'precision.json': `${JSON.stringify({ tenant, at, ...precision }, null, 2)}\n`,
  };
}

const mostOfReason = 2_000;
