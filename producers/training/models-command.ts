import { Command } from 'commander';
import { openStored } from '../../src/app/stored.ts';
import { MlopsError } from '../../src/errors.ts';
import { config } from '../cli/environment.ts';
import { printJson } from '../cli/json-result.ts';
import * as option from '../cli/options.ts';
import { grid, print } from '../cli/terminal.ts';
import { describeModel, sourceOf } from './show-model.ts';

interface Flags {
  readonly json?: boolean;
}

export function modelsCommand(): Command {
  const command = new Command('models');
  command
    .command('list')
    .description('List models, oldest first')
    .option('--skill <id>', 'Only models of this skill')
    .option('--json', 'Print the result as JSON')
    .action(async ({ skill, json }: Flags & { skill?: string }) => {
      const models = (await openStored(config()).models.list()).filter(
        ({ entry }) => skill === undefined || entry.skillId === skill,
      );
      if (json === true) return printJson({ models: models.map(({ number, entry }) => ({ model: number, ...entry })) });
      if (models.length === 0) return print('no models yet');
      print(
        grid(
          ['model', 'skill', 'job', 'registered', 'macro F1', 'accuracy', 'data'],
          models.map(({ number, entry }) => [
            number,
            entry.skillId,
            entry.jobId,
            entry.at,
            entry.metrics.macroF1.toFixed(4),
            entry.metrics.accuracy.toFixed(4),
            sourceOf(entry),
          ]),
        ),
      );
    });
  command
    .command('show')
    .description('Show a model: metrics, thresholds, files with hashes, data')
    .argument('<model>', 'Version number', option.wholeNumber)
    .option('--json', 'Print the result as JSON')
    .action(async (number: number, { json }: Flags) => {
      const model = (await openStored(config()).models.list()).find(each => each.number === number);
      if (model === undefined)
        throw new MlopsError('BAD_INPUT', `model ${number} not found. List models with \`models list\``, {
          where: 'MODEL',
        });
      if (json === true) printJson({ model: number, ...model.entry });
      else print(describeModel(model));
    });
  return command;
}
