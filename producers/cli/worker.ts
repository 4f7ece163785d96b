import { Command, InvalidArgumentError } from 'commander';
import { embedAndDedup } from '../../jobs/embed-and-dedup/job.ts';
import { queueNames } from '../../jobs/registry.ts';
import { proveModelRuns } from '../../src/compute/embedding/embedder.ts';
import { requireService } from '../../src/config/platform.ts';
import { config, withApp } from './environment.ts';
import { aborted, interruption } from './interrupt.ts';

export function workerCommand(): Command {
  return new Command('worker')
    .option('--queues <names>', `Only these queues, separated by commas: ${queueNames.join(', ')}`, queueList)
    .action(async ({ queues }: { queues?: string[] }) => {
      requireService(config());
      const signal = interruption({ isServer: true });
      await withApp('info', async app => {
        if (queues === undefined || queues.includes(embedAndDedup.name)) await proveModelRuns(app.config.modelPath);
        await app.startWorkers(queues);
        app.logger.info({ queues: queues ?? queueNames, tenant: app.config.tenant.key }, 'working');
        await aborted(signal);
        app.logger.info('stopping: taking no new jobs; running jobs finish or return to the queue');
      });
    });
}

function queueList(text: string): string[] {
  const names = text.split(',').map(name => name.trim());
  const unknown = names.filter(name => !queueNames.includes(name));
  if (unknown.length > 0)
    throw new InvalidArgumentError(`Unknown queue ${unknown.join(', ')}. Known queues: ${queueNames.join(', ')}.`);
  return names;
}
