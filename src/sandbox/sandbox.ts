import type { FastifyInstance } from 'fastify';
import { MlopsError, systemCode } from '../errors.ts';
import { type NlpConfig, type ServiceName, services } from '../platform/endpoints.ts';
import { Cognigy, type CognigyOptions } from './cognigy/agent-assist.ts';
import { builtInCorpus, composedSource } from './corpus/built-in.ts';
import { type ArrivalOptions, type ArrivalSource, Arrivals } from './interactions/arrivals.ts';
import { InteractionLog } from './interactions/log.ts';
import {
  type RawRecord,
  type StoredRecord,
  storedInteraction,
  storedRaw,
  type WrittenInteraction,
} from './interactions/record.ts';
import { interactionsService, type PageListener } from './interactions/routes.ts';
import { copySource, heldBackSource, holdBack } from './interactions/sources.ts';
import { type ClockOptions, SandboxClock } from './kernel/clock.ts';
import { type FaultOptions, FaultPlan, type ProgrammedFault } from './kernel/faults.ts';
import { type Limits, Throttle } from './kernel/limits.ts';
import { buildServer, type Kernel } from './kernel/pipeline.ts';
import { type LoggedRequest, RequestLog } from './kernel/requests.ts';
import { memoryState } from './kernel/state.ts';
import { Tokens } from './kernel/tokens.ts';
import { builtInIntents } from './nlp/built-in.ts';
import { AppliedConfigs } from './nlp/config.ts';
import { type Intent, Intents, type WrittenIntent } from './nlp/intents.ts';
import { nlpService } from './nlp/routes.ts';
import { Nlu, type NluOptions } from './nlu/entity-extraction.ts';
import { TrainingJobs, type TrainingOptions, type Trainings } from './training/jobs.ts';
import { trainingService } from './training/routes.ts';

/** Everything has a default: a tenant with the built-in corpus on a free port. */
export interface SandboxOptions {
  /** 0, the default, for any free port. */
  readonly port?: number;
  /** 127.0.0.1 by default: a simulated tenant has no business on a network. */
  readonly host?: string;
  readonly clock?: ClockOptions;
  /** What the log holds at the start, as `loadCorpus` gives it; the built-in one unless this or `interactions` is given. */
  readonly corpus?: readonly StoredRecord[];
  /** More of the same, written out. */
  readonly interactions?: readonly WrittenInteraction[];
  /** Records served as they are, however wrong. */
  readonly records?: readonly RawRecord[];
  /** Records served byte for byte, as `loadVerbatim` gives them. They are never held back. */
  readonly verbatim?: readonly StoredRecord[];
  /** The fraction of the corpus, 0 to 1, that is not there at the start: `arrivals` bring it, under its own ids, and nothing after it. */
  readonly holdBack?: number;
  readonly arrivals?: ArrivalOptions;
  /** In what order interactions of one timestamp come: not by id in either case. `stable` by default. */
  readonly shuffleTies?: 'stable' | 'each-request';
  /** The tenant's intents, in the order of the list; the built-in ones by default. */
  readonly intents?: readonly WrittenIntent[];
  readonly training?: TrainingOptions;
  readonly nlu?: NluOptions;
  readonly cognigy?: CognigyOptions;
  readonly limits?: Limits;
  /** How a 429 says when to come back; `seconds` by default. */
  readonly retryAfter?: 'seconds' | 'date';
  readonly faults?: FaultOptions;
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** The scopes that the client was granted; all by default. */
  readonly grantedScopes?: readonly string[];
  /** By the sandbox's clock; 3,600 by default. */
  readonly tokenLifetimeSeconds?: number;
  /** Seeds the order of ties, what is held back and what arrives. */
  readonly seed?: number;
}

/** A simulated tenant that is serving. */
export interface Sandbox {
  readonly url: string;
  readonly port: number;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly clock: SandboxClock;
  /** Every request so far, in the order of the answers. */
  readonly requests: readonly LoggedRequest[];
  /** How many records the log holds. */
  readonly size: number;
  /** The records of the log, parsed, newest first. */
  records(): unknown[];
  /** Adds an interaction, also one of the past. @throws BAD_INPUT if it is not valid or its id exists. */
  insert(interaction: WrittenInteraction): void;
  /** Adds a record as it is, however wrong. */
  insertRecord(record: RawRecord): void;
  /** Removes interactions; returns how many were there. */
  erase(ids: readonly string[]): number;
  /** The customer's late rating. @throws BAD_INPUT for an unknown id. */
  rate(id: string, rating: number | null): void;
  /** The tenant's intents, archived ones included. */
  intents(): Intent[];
  /** Adds an intent at the end of the list. @throws BAD_INPUT if it is not valid or its id exists. */
  addIntent(intent: WrittenIntent): void;
  /** Takes an intent out of the list; thresholds cannot be set for it any more. @throws BAD_INPUT for an unknown id. */
  archiveIntent(id: string): void;
  /** The thresholds in force; null while none were ever put. Not to be had over the wire. */
  readonly nlpConfig: NlpConfig | null;
  /** All that were ever in force, the oldest first. */
  readonly nlpConfigs: readonly NlpConfig[];
  /** The training jobs and their planned outcomes. */
  readonly trainings: Trainings;
  /** Entity extraction: its calls, and the faults planned for the next ones. */
  readonly nlu: Pick<Nlu, 'calls' | 'callsFor' | 'failNext' | 'setOffsets'>;
  /** The sentiment service: its calibrations, webhooks and audit trail. */
  readonly cognigy: Pick<Cognigy, 'calibrations' | 'webhooks' | 'trail' | 'triggerAlerts' | 'release'>;
  /** Lets the next requests that match meet a fault. */
  failNext(fault: ProgrammedFault): void;
  /** Replaces the seeded faults; null ends them. */
  setFaults(faults: FaultOptions | null): void;
  /** Makes every token that is out unknown. */
  revokeTokens(): void;
  /** Calls back before each answer of the interaction log; the returned function ends that. */
  onRequest(listener: PageListener): () => void;
  /** Ends at once, with every connection and every pending answer. */
  close(): Promise<void>;
}

/**
 * Starts a simulated tenant that speaks the platform's interface over real HTTP.
 *
 * @throws BAD_INPUT for options that make no sense, and for a port that cannot be had.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const seed = options.seed ?? 1;
  const clock = new SandboxClock(options.clock);
  const { log, source } = logAndSource(options, clock, seed);
  const intents = new Intents(options.intents ?? builtInIntents());
  const configs = new AppliedConfigs();
  const jobs = new TrainingJobs(clock, options.training?.state ?? memoryState(), options.training ?? {});
  const faults = new FaultPlan(options.faults ?? null);
  const listeners = new Set<PageListener>();
  const closing = new AbortController();
  const nlu = new Nlu(options.nlu ?? {}, clock, closing.signal);
  const cognigy = new Cognigy(options.cognigy ?? {}, clock, closing.signal);
  const kernel: Kernel = {
    clock,
    throttle: new Throttle(clock, options.limits ?? {}, options.retryAfter ?? 'seconds'),
    faults,
    tokens: new Tokens(clock, options.tokenLifetimeSeconds ?? 3_600),
    client: {
      id: options.clientId ?? 'sandbox',
      secret: options.clientSecret ?? 'sandbox-secret',
      scopes: options.grantedScopes ?? null,
    },
    requests: new RequestLog(),
    closing: closing.signal,
  };
  const server = buildServer(kernel, [
    interactionsService({
      log,
      arrivals: new Arrivals(options.arrivals ?? {}, clock, source),
      listeners,
      shuffleTies: options.shuffleTies ?? 'stable',
      seed,
    }),
    nlpService(intents, configs),
    trainingService(jobs, clock),
    nlu.service(),
    cognigy.service(),
  ]);
  const url = await listen(server, options.host ?? '127.0.0.1', options.port ?? 0);

  return {
    url,
    port: Number(new URL(url).port),
    clientId: kernel.client.id,
    clientSecret: kernel.client.secret,
    clock,
    requests: kernel.requests.entries,
    get size() {
      return log.size;
    },
    records: () => log.records(),
    insert: interaction => log.insert(storedInteraction(interaction)),
    insertRecord: record => log.insert(storedRaw(record)),
    erase: ids => log.erase(ids),
    rate: (id, rating) => log.rate(id, rating),
    intents: () => intents.all(),
    addIntent: intent => intents.add(intent),
    archiveIntent: id => intents.archive(id),
    get nlpConfig() {
      return configs.current;
    },
    nlpConfigs: configs.history,
    trainings: jobs,
    nlu,
    cognigy,
    failNext: fault => faults.program(fault),
    setFaults: replaced => faults.replace(replaced),
    revokeTokens: () => kernel.tokens.revokeAll(),
    onRequest: listener => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: async () => {
      closing.abort();
      await server.close();
    },
  };
}

/** The services that a sandbox plays. */
export const playedServices: readonly ServiceName[] = [
  services.interactions.name,
  services.nlp.name,
  services.training.name,
  services.nlu.name,
  services.cognigy.name,
];

/** What an operator must read before anything else when a sandbox serves at `url`. */
export function sandboxNotice(url: string): string {
  return [
    '*** SANDBOX: a simulated tenant. Nothing here is real, and nothing reaches a real one. ***',
    `Serving ${new Intl.ListFormat('en-GB').format(playedServices)} at ${url}`,
  ].join('\n');
}

/** The log as it is at the start, and where later interactions come from. */
function logAndSource(
  options: SandboxOptions,
  clock: SandboxClock,
  seed: number,
): { log: InteractionLog; source: ArrivalSource } {
  const { corpus: given, interactions, verbatim = [] } = options;
  const own = given !== undefined || interactions !== undefined || options.verbatim !== undefined;
  const corpus = own
    ? [...(options.corpus ?? []), ...(options.interactions ?? []).map(storedInteraction)]
    : builtInCorpus(clock.now());
  const { present, held } = holdBack(corpus, fractionToHold(options.holdBack), seed);
  const raw = (options.records ?? []).map(storedRaw);
  return {
    log: new InteractionLog(seed, [...present, ...raw, ...verbatim]),
    source:
      options.holdBack !== undefined ? heldBackSource(held) : own ? copySource(corpus, seed) : composedSource(seed),
  };
}

function fractionToHold(fraction = 0): number {
  if (fraction >= 0 && fraction <= 1) return fraction;
  throw new MlopsError('BAD_INPUT', 'The fraction of the corpus that is held back must be from 0 to 1.', {
    where: 'holdBack',
  });
}

async function listen(server: FastifyInstance, host: string, port: number): Promise<string> {
  try {
    return await server.listen({ host, port });
  } catch (error) {
    await server.close();
    const code = systemCode(error) ?? 'unknown';
    if (!['EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL'].includes(code)) throw error;
    throw new MlopsError('BAD_INPUT', `The sandbox cannot listen on ${host}:${port} (${code}). Choose another port.`, {
      where: `${host}:${port}`,
    });
  }
}
