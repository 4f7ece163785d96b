import { Command, InvalidArgumentError } from 'commander';
import { queueNames } from '../../jobs/registry.ts';
import { requireService } from '../../src/config/platform.ts';
import { config, withHouse } from './environment.ts';
import { aborted, interruption } from './interrupt.ts';

export function workerCommand(): Command {
  return new Command('worker')
    .option('--queues <names>', `Only these queues, separated by commas: ${queueNames.join(', ')}`, queueList)
    .action(async ({ queues }: { queues?: string[] }) => {
      requireService(config());
      const signal = interruption();
      await withHouse('info', async app => {
        await app.startWorkers(queues);
        app.logger.info({ queues: queues ?? queueNames, tenant: app.config.tenant.key }, 'working');
        await aborted(signal);
        app.logger.info('stopping: no new jobs; active ones end or are handed back');
      });
    });
}

function queueList(text: string): string[] {
  const names = text.split(',').map(name => name.trim());
  const unknown = names.filter(name => !queueNames.includes(name));
  if (unknown.length > 0)
    throw new InvalidArgumentError(`There is no queue ${unknown.join(', ')}; there is ${queueNames.join(', ')}.`);
  return names;
}
