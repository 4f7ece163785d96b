import { Command } from 'commander';
import { loadCorpus } from '../../src/sandbox/corpus/load.ts';
import { loadIntents } from '../../src/sandbox/nlp/load.ts';
import { sandboxNotice, startSandbox } from '../../src/sandbox/sandbox.ts';
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
  readonly seed: number;
}

export function sandboxCommand(): Command {
  return new Command('sandbox')
    .description('serve a simulated tenant, for trials: it speaks the platform’s interface, and nothing in it is real')
    .option('--port <port>', 'listen here; 0 for any free port', option.port, 4010)
    .option('--host <host>', 'listen on this address', '127.0.0.1')
    .option('--corpus <file...>', 'conversations to serve instead of the built-in ones (.jsonl, .jsonl.gz)')
    .option(
      '--intents <file>',
      'intents to list instead of the built-in ones: {id, name, archived?} a line (.jsonl, .jsonl.gz)',
    )
    .option('--faults <rate>', 'share of requests that fail: 5xx, dropped, slow', option.fraction)
    .option('--arrivals <n>', 'interactions that arrive with each page asked for', option.number)
    .option('--hold-back <share>', 'share of the corpus that arrives only while it is read', option.fraction)
    .option('--limit <rate>', 'requests to the interaction log, such as 50/s (2/s)', option.rate)
    .option('--training-seconds <n>', 'how long the training of a model takes (8)', option.number)
    .option('--seed <n>', 'seed of all that is left to chance', option.wholeNumber, 1)
    .action(async (options: SandboxOptions) => await serve(options));
}

async function serve(options: SandboxOptions): Promise<void> {
  const { port, host, corpus, intents, faults, arrivals, holdBack, limit, trainingSeconds, seed } = options;
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
    ...(trainingSeconds === undefined ? {} : { training: { seconds: trainingSeconds } }),
    ...(limit === undefined ? {} : { limits: { INTERACTIONS: limit } }),
  });
  say(sandboxNotice(sandbox.url));
  const active = sandbox.intents().filter(({ archived }) => !archived).length;
  say(`${counted(sandbox.size)} interactions, ${counted(active)} intents. Point the system at it with:`);
  print(`CXONE_BASE_URL=${sandbox.url}`);
  print(`CXONE_CLIENT_ID=${sandbox.clientId}`);
  print(`CXONE_CLIENT_SECRET=${sandbox.clientSecret}`);
  await aborted(signal);
  await sandbox.close();
}

function counted(count: number): string {
  return count.toLocaleString('en-US');
}
