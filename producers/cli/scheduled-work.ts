import { Command } from 'commander';
import type { Config } from '../../src/config/config.ts';
import type { ScheduledWork } from '../../src/domain/schedule/schedule.ts';
import { MlopsError } from '../../src/errors.ts';
import { type CurateOptions, checkedCuration, curateCommand } from '../curation/command.ts';

/** Why a command of ours is no work for a schedule. */
const refused: Readonly<Record<string, string>> = {
  tune: 'tune reads a file, which would be the same one each time: run tune when there is a new export',
  train: 'train reads a file, which would be the same one each time: run train when there are new labels',
};

/**
 * What the words behind `--` ask for: read and checked as the command itself does, and nothing is enqueued.
 * @throws CommanderError, or MlopsError BAD_INPUT and what the command's own checks throw
 */
export async function scheduledWorkOf(words: readonly string[], settings: Config): Promise<ScheduledWork> {
  const [command = ''] = words;
  if (command !== 'curate')
    throw new MlopsError(
      'BAD_INPUT',
      refused[command] ??
        `${command === '' ? 'no command' : JSON.stringify(command)} cannot be scheduled; curate can: schedule set NAME --every 15m -- curate --dataset support`,
      { where: 'COMMAND' },
    );
  const options = await curateOptions(words);
  const meant = (['wait', 'json', 'dryRun'] as const).filter(each => options[each] === true);
  if (meant.length > 0)
    throw new MlopsError(
      'BAD_INPUT',
      `${meant.map(each => (each === 'dryRun' ? '--dry-run' : `--${each}`)).join(', ')} of curate: nobody watches scheduled work; leave it out`,
      { where: 'COMMAND' },
    );
  const { parameters } = await checkedCuration(options, settings);
  return { command: 'curate', dataset: options.dataset, parameters };
}

async function curateOptions(words: readonly string[]): Promise<CurateOptions> {
  const taken: CurateOptions[] = [];
  const parent = new Command('schedule set NAME --').addCommand(
    curateCommand(async options => {
      taken.push(options);
    })
      .exitOverride()
      .showHelpAfterError('(see curate --help)'),
  );
  await parent.exitOverride().parseAsync([...words], { from: 'user' });
  const [options] = taken;
  if (options !== undefined) return options;
  throw new MlopsError('INTERNAL', 'curate was not understood');
}
