/**
 * A process that records inferences until it is killed, ten at a time, and writes them to the audit log all the while. It
 * prints the number of each ten once they are recorded; argv[2] names the process in their ids.
 */
import { registry } from '../../jobs/registry.ts';
import { openApp } from '../../src/app/app.ts';
import { readConfig } from '../../src/config/config.ts';
import { openLogger } from '../../src/logger.ts';
import { inferenceOf } from './inference.ts';

const [, , name = 'process'] = process.argv;
const app = await openApp(readConfig(process.env, registry), openLogger('silent'));
let flushing: Promise<void> = Promise.resolve();
for (let ten = 0; ; ten++) {
  const requestId = `extract.${name}-${ten}`;
  const inferences = Array.from({ length: 10 }, (_, index) => inferenceOf(index, { requestId, line: index + 1 }));
  await app.inferences.record(inferences, { id: requestId, forMs: 3_600_000 });
  process.stdout.write(`${ten}\n`);
  if (ten % 5 === 0) {
    await flushing;
    flushing = app.inferences.flush();
  }
}
