/** A process with the workers of all queues, until a signal ends it; it says "working" when they take jobs. */
import { queueNames } from '../../jobs/registry.ts';
import { openHouse } from '../../src/app/app.ts';
import { readConfig } from '../../src/config.ts';
import { openLogger } from '../../src/logger.ts';

const house = await openHouse(readConfig(process.env, queueNames), openLogger('warn'));
await house.startWorkers();
process.once('SIGTERM', () => {
  void house.close().then(() => process.exit(0));
});
process.stdout.write('working\n');
