import { Command } from 'commander';
import type { Config } from '../../src/config/config.ts';
import { MlopsError } from '../../src/errors.ts';
import { commandLine } from '../cli/called-as.ts';
import { requireLast } from '../cli/required-options.ts';
import { type CurateOptions, checkedCuration, curateCommand } from './command.ts';

/**
 * The flow's parameters of a scheduled `curate`, parsed and validated as by the command itself. Nothing is enqueued.
 * @throws CommanderError, MlopsError BAD_INPUT, and the errors of the command's own checks
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
  const command = curateCommand(async options => {
    taken.push(options);
  })
    .exitOverride()
    .showHelpAfterError(`(see ${commandLine('curate --help')})`);
  requireLast(command);
  const parent = new Command('schedule set NAME --').addCommand(command);
  await parent.exitOverride().parseAsync([...words], { from: 'user' });
  const [options] = taken;
  if (options !== undefined) return options;
  throw new MlopsError('INTERNAL', 'curate could not be parsed');
}
