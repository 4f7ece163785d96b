/**
 * A process with the workers of all queues, until a signal ends it; it says "working" when they take jobs. With
 * TEST_TAKEOVER=soon the jobs of a killed worker are taken over within seconds.
 */
import { registry } from '../../jobs/registry.ts';
import { openApp } from '../../src/app/app.ts';
import { readConfig } from '../../src/config/config.ts';
import { openLogger } from '../../src/logger.ts';
import { timesOf } from './takeover.ts';

const app = await openApp(readConfig(process.env, registry), openLogger('warn'), timesOf(process.env));
await app.startWorkers();
process.once('SIGTERM', () => {
  void app.close().then(() => process.exit(0));
});
process.stdout.write('working\n');
