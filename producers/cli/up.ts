import { Command } from 'commander';
import type { App } from '../../src/app/app.ts';
import { scheduleStates } from '../../src/app/schedules.ts';
import { proveModelRuns } from '../../src/compute/embedding/embedder.ts';
import { requireService } from '../../src/config/platform.ts';
import { boardPath } from '../../src/operators/board.ts';
import { docsPath } from '../http/docs.ts';
import { startHttp } from '../http/server.ts';
import { config, withApp } from './environment.ts';
import { aborted, interruption } from './interrupt.ts';
import { sayOtherTenants } from './other-tenants.ts';
import { shownWork } from './scheduled-work.ts';
import { describeDue, instantOf } from './show-schedules.ts';
import { say } from './terminal.ts';

export function upCommand(): Command {
  return new Command('up').action(() => serve({ works: true }));
}

export function apiCommand(): Command {
  return new Command('api').action(() => serve({ works: false }));
}

async function serve({ works }: { works: boolean }): Promise<void> {
  if (works) requireService(config());
  const signal = interruption({ isServer: true });
  await withApp('info', async app => {
    const http = await startHttp(app);
    try {
      if (works) {
        await proveModelRuns(app.config.modelPath);
        await app.startWorkers();
      }
      say(`Bull Board: ${http.url}${boardPath}   HTTP API: ${http.url}${docsPath}`);
      sayOtherTenants(app.config);
      if (works) await saySchedules(app);
      await aborted(signal);
      app.logger.info('stopping: taking no new jobs; running jobs finish or return to the queue');
    } finally {
      await Promise.all([http.close(), app.stopWorkers()]);
    }
  });
}

async function saySchedules(app: App): Promise<void> {
  for (const { schedule, next } of await scheduleStates(app)) {
    const { name, due } = schedule;
    const { command, dataset } = shownWork(schedule.work);
    say(`schedule ${name}: ${command} ${dataset}, ${describeDue(due)}; next ${instantOf(next) ?? 'never'}`);
  }
}
