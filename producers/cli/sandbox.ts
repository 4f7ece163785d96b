import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { loadCorpus } from '../../src/sandbox/corpus/load.ts';
import { loadVerbatim } from '../../src/sandbox/corpus/load-verbatim.ts';
import { badInput } from '../../src/sandbox/kernel/json-lines.ts';
import { loadIntents } from '../../src/sandbox/nlp/load.ts';
import { loadAnnotations } from '../../src/sandbox/nlu/annotations.ts';
import { sandboxNotice, startSandbox } from '../../src/sandbox/sandbox.ts';
import { whyUnreadable } from '../../src/unreadable-file.ts';
import { aborted, interruption } from './interrupt.ts';
import * as option from './options.ts';
import { print, say } from './terminal.ts';

interface SandboxOptions {
  readonly port: number;
  readonly host: string;
  readonly corpus?: string[];
  readonly intents?: string;
  readonly faults?: number;
  readonly arrivals?: number;
  readonly holdBack?: number;
  readonly limit?: { count: number; perMs: number };
  readonly trainingSeconds?: number;
  readonly records?: string[];
  readonly entities?: string;
  readonly evaluation?: string;
  readonly alerts?: number;
  readonly seed: number;
}

export function sandboxCommand(): Command {
  return new Command('sandbox')
    .option('--port <port>', 'Port to listen on; 0 for any free port', option.port, 4010)
    .option('--host <host>', 'Address to listen on', '127.0.0.1')
    .option('--corpus <file...>', 'Conversations to serve instead of the built-in ones (.jsonl, .jsonl.gz)')
    .option('--records <file...>', 'Records to serve byte for byte, even invalid ones (.jsonl, .jsonl.gz)')
    .option(
      '--intents <file>',
      'Intents to list instead of the built-in ones: {id, name, archived?} per line (.jsonl, .jsonl.gz)',
    )
    .option('--faults <rate>', 'Share of requests that fail: 5xx, dropped, slow', option.fraction)
    .option('--arrivals <n>', 'Conversations that arrive with each page request', option.number)
    .option('--hold-back <share>', 'Share of the corpus that arrives only while it is read', option.fraction)
    .option('--limit <rate>', 'Rate limit of the interaction log, such as 50/s (2/s)', option.rate)
    .option('--training-seconds <n>', 'Duration of a training (8)', option.number)
    .option('--evaluation <file>', 'JSON to return as the evaluation of every training, byte for byte')
    .option(
      '--entities <file>',
      'Entities to find besides the built-in ones: {text, entities: [{name, value, start, end}]} per line (.jsonl, .jsonl.gz)',
    )
    .option('--alerts <n>', 'Alerts sent to the webhooks after each calibration (0)', option.number)
    .option('--seed <n>', 'Seed of everything random', option.wholeNumber, 1)
    .action(async (options: SandboxOptions) => await serve(options));
}

async function serve(options: SandboxOptions): Promise<void> {
  const { port, host, corpus, intents, faults, arrivals, holdBack, limit, trainingSeconds, seed } = options;
  const { records, entities, evaluation, alerts } = options;
  const signal = interruption();
  const sandbox = await startSandbox({
    port,
    host,
    seed,
    ...(corpus === undefined ? {} : { corpus: await loadCorpus(corpus) }),
    ...(intents === undefined ? {} : { intents: await loadIntents(intents) }),
    ...(faults === undefined ? {} : { faults: { rate: faults, seed } }),
    ...(arrivals === undefined ? {} : { arrivals: { perRequest: arrivals } }),
    ...(holdBack === undefined ? {} : { holdBack }),
    ...(records === undefined ? {} : { verbatim: await loadVerbatim(records) }),
    ...(entities === undefined ? {} : { nlu: { annotations: await loadAnnotations(entities) } }),
    ...(alerts === undefined ? {} : { cognigy: { alertsPerCalibration: alerts } }),
    training: {
      ...(trainingSeconds === undefined ? {} : { seconds: trainingSeconds }),
      ...(evaluation === undefined ? {} : { evaluation: await readEvaluation(evaluation) }),
    },
    ...(limit === undefined ? {} : { limits: { INTERACTIONS: limit } }),
  });
  say(sandboxNotice(sandbox.url));
  const active = sandbox.intents().filter(({ archived }) => !archived).length;
  say(`${counted(sandbox.size)} interactions, ${counted(active)} intents. Use it with these settings:`);
  print(`CXONE_BASE_URL=${sandbox.url}`);
  print(`CXONE_CLIENT_ID=${sandbox.clientId}`);
  print(`CXONE_CLIENT_SECRET=${sandbox.clientSecret}`);
  await aborted(signal);
  await sandbox.close();
}

async function readEvaluation(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    throw badInput(file, whyUnreadable(error) ?? 'this file cannot be read', error);
  }
}

function counted(count: number): string {
  return count.toLocaleString('en-US');
}
