import { Command, InvalidArgumentError, Option } from 'commander';
import { removeSchedule, scheduleQueue, scheduleStates, setSchedule } from '../../src/app/schedules.ts';
import { nextCronTime } from '../../src/domain/schedule/cron.ts';
import { BadCronPattern } from '../../src/domain/schedule/cron-pattern.ts';
import { type Due, intervalBounds, scheduleName } from '../../src/domain/schedule/schedule.ts';
import { isTimeZone, likelyTimeZone } from '../../src/domain/schedule/zone-name.ts';
import { MlopsError } from '../../src/errors.ts';
import { commandLine } from './called-as.ts';
import { config, withApp } from './environment.ts';
import { printJson } from './json-result.ts';
import * as option from './options.ts';
import { scheduledWorkOf } from './scheduled-work.ts';
import { describeDue, instantOf, scheduleGrid, shownSchedules } from './show-schedules.ts';
import { print } from './terminal.ts';
import { userName } from './user-name.ts';
import { sayWithoutWorkers } from './workers.ts';

export function scheduleCommand(): Command {
  return new Command('schedule').addCommand(setCommand()).addCommand(listCommand()).addCommand(removeCommand());
}

const name = (text: string) => option.checked(scheduleName, text);

interface SetFlags {
  readonly every?: number;
  readonly cron?: string;
  readonly timeZone?: string;
  readonly tz?: string;
  readonly json?: boolean;
}

function setCommand(): Command {
  return new Command('set')
    .description('Create or update a schedule: schedule set nightly --cron "0 3 * * *" -- curate --dataset support')
    .argument('<name>', 'Schedule name', name)
    .argument('<command...>', 'Command after "--" (currently only `curate`)')
    .option('--every <duration>', 'Run now and then at this interval: 15m (10s to 31d)', interval)
    .option('--cron <pattern>', 'Run at these times: minute, hour, day of month, month, day of week')
    .option('--time-zone <zone>', 'With --cron: time zone, such as Europe/Berlin (UTC)', timeZone)
    .addOption(new Option('--tz <zone>', 'As --time-zone').argParser(timeZone).hideHelp())
    .option('--json', 'Print the result as JSON')
    .action(async (called: string, words: string[], flags: SetFlags) => {
      const due = dueOf(flags);
      const work = await scheduledWorkOf(words, config());
      await withApp('silent', async app => {
        const request = { name: called, due, work, by: userName() };
        const { schedule, isChanged } = await setSchedule(app, request);
        const state = (await scheduleStates(app)).find(each => each.schedule.name === called);
        const next = instantOf(state?.next ?? null);
        if (flags.json === true) printJson({ name: called, version: schedule.version, changed: isChanged, next });
        else print(`${called}: ${describeDue(due)}${isChanged ? '' : ', as before'}; next ${next ?? 'never'}`);
        await sayWithoutWorkers(app, scheduleQueue, `it starts when a worker is started: ${commandLine('worker')}`);
      });
    });
}

function listCommand(): Command {
  return new Command('list')
    .description('List schedules with next time and last result')
    .option('--json', 'Print the result as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      await withApp('silent', async app => {
        const shown = await shownSchedules(app);
        if (json === true) printJson({ schedules: shown });
        else print(shown.length === 0 ? 'no schedules' : scheduleGrid(shown));
      });
    });
}

function removeCommand(): Command {
  return new Command('remove')
    .description('Delete a schedule (runs in progress continue)')
    .argument('<name>', 'Schedule name', name)
    .action(async (called: string) => {
      await withApp('silent', app => removeSchedule(app, called, userName()));
      print(`${called}: deleted`);
    });
}

function interval(text: string): number {
  const ms = option.duration(text);
  if (ms < intervalBounds.leastMs || ms > intervalBounds.mostMs)
    throw new InvalidArgumentError('It must be from 10s to 31d; for longer intervals use --cron.');
  return ms;
}

/** Any name that this Node knows: `Intl.supportedValuesOf` lists one spelling of several. */
function timeZone(text: string): string {
  if (isTimeZone(text)) return text;
  const likely = likelyTimeZone(text, Intl.supportedValuesOf('timeZone'));
  const hint = likely === null ? '' : ` Did you mean ${likely}?`;
  throw new InvalidArgumentError(`It must be UTC or the name of a time zone, such as Europe/Berlin.${hint}`);
}

/** @throws MlopsError BAD_INPUT */
function dueOf({ every, cron, timeZone, tz = timeZone }: SetFlags): Due {
  if ((every === undefined) === (cron === undefined))
    throw new MlopsError('BAD_INPUT', 'specify either --every or --cron', { field: 'every' });
  if (every !== undefined && tz !== undefined)
    throw new MlopsError('BAD_INPUT', '--time-zone requires --cron; an interval counts from when it is set', {
      field: 'timeZone',
    });
  return every !== undefined ? { kind: 'every', ms: every } : cronOf(cron ?? '', tz ?? 'UTC');
}

/** Five fields of numbers, names, lists, ranges and steps; no seconds and no random values (`H`). */
const fields = /^[\dA-Za-z*/,?#-]+( [\dA-Za-z*/,?#-]+){4}$/;

function cronOf(text: string, tz: string): Due {
  const pattern = text.trim().replaceAll(/\s+/g, ' ');
  const problem = cronProblem(pattern, tz);
  if (problem === null) return { kind: 'cron', pattern, tz };
  throw new MlopsError(
    'BAD_INPUT',
    `--cron ${JSON.stringify(text)}: ${problem}. It has five fields: minute, hour, day of month, month, day of week; "0 3 * * 1-5" is 03:00 from Monday to Friday`,
    { field: 'cron' },
  );
}

function cronProblem(pattern: string, tz: string): string | null {
  if (!fields.test(pattern) || /\bH\b/.test(pattern)) return 'not a valid cron pattern';
  try {
    return nextCronTime(pattern, tz, Date.now()) === null ? 'it never matches a date' : null;
  } catch (error) {
    if (error instanceof BadCronPattern) return error.message;
    throw error;
  }
}
