import { Command } from 'commander';
import type { Config } from '../../src/config/config.ts';
import { MlopsError } from '../../src/errors.ts';
import { type CurateOptions, checkedCuration, curateCommand } from './command.ts';

/**
 * The flow's parameters that a scheduled `curate` asks for: read and checked as the command itself does, and nothing is
 * enqueued.
 * @throws CommanderError, or MlopsError BAD_INPUT and what the command's own checks throw
 */
export async function scheduledCuration(words: readonly string[], settings: Config): Promise<object> {
  const options = await curateOptions(words);
  const meant = (['wait', 'json', 'dryRun'] as const).filter(each => options[each] === true);
  if (meant.length > 0)
    throw new MlopsError(
      'BAD_INPUT',
      `${meant.map(each => (each === 'dryRun' ? '--dry-run' : `--${each}`)).join(', ')} of curate cannot be used in a schedule; omit it`,
      { where: 'COMMAND' },
    );
  const { parameters } = await checkedCuration(options, settings);
  return { dataset: options.dataset, ...parameters };
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
