import { Command, Option } from 'commander';
import { openStored } from '../../src/app/stored.ts';
import { type Alert, type AlertState, alertStates, stateOfAlert } from '../../src/domain/sentiment/alert.ts';
import { MlopsError } from '../../src/errors.ts';
import { config } from '../cli/environment.ts';
import { printJson } from '../cli/json-result.ts';
import * as option from '../cli/options.ts';
import { grid, print, say } from '../cli/terminal.ts';

interface ListFlags {
  readonly state?: AlertState;
  readonly emotion?: string;
  readonly directive?: string;
  readonly since?: string;
  readonly until?: string;
  readonly calibration?: number;
  readonly limit: number;
  readonly cursor?: string;
  readonly json?: boolean;
}

export function alertsCommand(): Command {
  return new Command('alerts').addCommand(
    new Command('list')
      .description('List alerts, newest first')
      .addOption(new Option('--state <state>', 'Only alerts in this state').choices(alertStates))
      .option('--emotion <name>', 'Only alerts of this emotion')
      .option('--directive <name>', 'Only alerts with this directive')
      .option('--since <iso>', 'Only alerts raised at this time or later', option.since)
      .option('--until <iso>', 'Only alerts raised before this time', option.since)
      .option('--calibration <version>', 'Only alerts of this calibration', option.wholeNumber)
      .option('--limit <n>', 'Alerts per page', option.within(1, 100), 20)
      .option('--cursor <cursor>', 'Show the next page; the cursor is printed below each page')
      .option('--json', 'Print the result as JSON')
      .action(async ({ json, limit, cursor, ...filter }: ListFlags) => {
        const page = await openStored(config()).alerts.page(filter, { after: cursor ?? null, limit });
        if (page === null)
          throw new MlopsError('BAD_INPUT', `${cursor} is not a cursor. Use the one printed below a page`, {
            field: 'cursor',
          });
        if (json === true) return printJson(page);
        if (page.alerts.length > 0) print(alertGrid(page.alerts));
        else say('no alerts');
        if (page.next !== null) say(`more: --cursor ${page.next}`);
      }),
  );
}

function alertGrid(alerts: readonly Alert[]): string {
  return grid(
    ['raised', 'emotion', 'directive', 'score', 'calibration', 'state', 'id'],
    alerts.map(each => [
      each.at,
      each.emotion,
      each.directive,
      each.score?.toFixed(3) ?? '-',
      each.calibration === null ? '-' : String(each.calibration),
      stateOfAlert(each),
      each.id,
    ]),
  );
}
