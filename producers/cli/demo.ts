import { mkdir } from 'node:fs/promises';
import { Command } from 'commander';
import { queueNames } from '../../jobs/registry.ts';
import { readConfig } from '../../src/config.ts';
import { exportDataset } from '../../src/edges/datasets/export.ts';
import { installRedisServer } from '../../src/edges/redis/install.ts';
import { curationOrder } from '../curate.ts';
import { openHouse } from '../house.ts';
import { logger } from './environment.ts';
import { follow } from './follow-curation.ts';
import { interruption } from './interrupt.ts';
import { print, printJson, say } from './terminal.ts';

const dataset = 'demo';
const out = 'data/demo.csv';

export function demoCommand(): Command {
  return new Command('demo')
    .description('the main job from start to end on a simulated tenant, with nothing set up: ends with ./data/demo.csv')
    .option('--json', 'print the summary as JSON')
    .action(async (options: { json?: boolean }) => await demo(options));
}

/** It looks at no variable of a service, so that it cannot reach a real tenant. */
async function demo(options: { readonly json?: boolean }): Promise<void> {
  const signal = interruption();
  const { LOG_LEVEL } = process.env;
  const config = readConfig({ LOG_LEVEL }, queueNames);
  installRedisServer(say);
  await mkdir('data', { recursive: true });
  const house = await openHouse(config, logger(config, 'warn'));
  try {
    const order = curationOrder(config.tenant.key, dataset, {});
    await house.queues.enqueue([order]);
    const summary = await follow(house, order, { quiet: options.json === true }, signal);
    const { rows } = await exportDataset(house.datasets, { dataset, out, format: 'csv' });
    if (options.json === true) printJson({ ...summary, export: out });
    else {
      print(`${rows.toLocaleString('en-US')} rows in ./${out}`);
      say('Next: npm run up, then look at Bull Board; or dataset show demo. See README.');
    }
  } finally {
    await house.close();
  }
}
