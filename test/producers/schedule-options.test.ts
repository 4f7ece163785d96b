import { chdir, cwd } from 'node:process';
import { type Command, CommanderError } from 'commander';
import { describe, expect, it, onTestFinished } from 'vitest';
import { exitCodeOf, exitCodes } from '../../producers/cli/exit.ts';
import { buildProgram } from '../../producers/cli/program.ts';
import { describeDue } from '../../producers/cli/show-schedules.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { thrownBy } from '../thrown.ts';

/** What `schedule set` says to the words, which it must refuse before anything is opened. */
async function refusalOf(words: readonly string[]): Promise<{ code: number; message: string }> {
  const before = cwd();
  chdir(temporaryFolder());
  onTestFinished(() => chdir(before));
  const program = await buildProgram(['schedule']);
  quieten(program);
  const error = await thrownBy(() => program.parseAsync(['schedule', 'set', ...words], { from: 'user' }));
  const code = error instanceof CommanderError ? exitCodes.badInput : exitCodeOf(error);
  return { code, message: error instanceof Error ? error.message : '' };
}

function quieten(command: Command): void {
  command.configureOutput({ writeErr: () => undefined });
  for (const each of command.commands) quieten(each);
}

const curate = ['--', 'curate', '--dataset', 'demo'];

describe('a schedule that cannot be', () => {
  it.each<[string[], RegExp]>([
    [['a', '--every', '9s', ...curate], /10s to 31d/],
    [['a', '--every', '32d', ...curate], /10s to 31d/],
    [['a', '--every', 'often', ...curate], /duration/],
    [['a', '--cron', '61 * * * *', ...curate], /range 0-59.*five fields/],
    [['a', '--cron', '* * * * * *', ...curate], /five fields/],
    [['a', '--cron', '0 0 30 2 *', ...curate], /five fields/],
    [['a', '--cron', 'H * * * *', ...curate], /five fields/],
    [['a', '--cron', '@daily', ...curate], /five fields/],
    [['a', '--cron', '0 3 * * *', '--tz', 'Mars/Olympus', ...curate], /time zone/],
    [['a', '--cron', '0 3 * * *', '--tz', '+02:00', ...curate], /time zone/],
    [['a', '--every', '1h', '--tz', 'UTC', ...curate], /--cron/],
    [['a', '--every', '1h', '--cron', '0 3 * * *', ...curate], /either/],
    [['a', ...curate], /either/],
    [['a b', '--every', '1h', ...curate], /letters, digits/],
    [['../a', '--every', '1h', ...curate], /letters, digits/],
    [['a', '--every', '1h'], /command/],
    [['a', '--every', '1h', ...curate, '--wait'], /--wait/],
    [['a', '--every', '1h', ...curate, '--json', '--dry-run'], /--json, --dry-run/],
    [['a', '--every', '1h', ...curate, '--min-rating', '99'], /min-rating/],
    [['a', '--every', '1h', ...curate, '--colour', 'red'], /--colour/],
    [['a', '--every', '1h', '--', 'curate'], /--dataset/],
    [['a', '--every', '1h', '--', 'train', '--skill', 's'], /reads a file/],
    [['a', '--every', '1h', '--', 'rm', '-rf', '/'], /"rm" cannot be scheduled/],
  ])('%j', async (words, why) => {
    const { code, message } = await refusalOf(words);
    expect(message).toMatch(why);
    expect(code).toBe(exitCodes.badInput);
  });
});

describe('when a schedule is due', () => {
  it('is said as it is typed', () => {
    const every = (ms: number) => describeDue({ kind: 'every', ms });
    expect([every(90_000), every(900_000), every(7_200_000), every(86_400_000)]).toEqual([
      'every 90s',
      'every 15m',
      'every 2h',
      'every 1d',
    ]);
    expect(describeDue({ kind: 'cron', pattern: '0 3 * * *', tz: 'UTC' })).toBe('0 3 * * * (UTC)');
  });
});
