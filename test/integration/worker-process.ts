/** A process with the workers of all queues, until a signal ends it; it says "working" when they take jobs. */
import { registry } from '../../jobs/registry.ts';
import { openApp } from '../../src/app/app.ts';
import { readConfig } from '../../src/config/config.ts';
import { openLogger } from '../../src/logger.ts';

const app = await openApp(readConfig(process.env, registry), openLogger('warn'));
await app.startWorkers();
process.once('SIGTERM', () => {
  void app.close().then(() => process.exit(0));
});
process.stdout.write('working\n');
