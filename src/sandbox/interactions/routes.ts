import { listInteractions, services } from '../../platform/endpoints.ts';
import { type Answer, answerJsonText, refuse } from '../kernel/answer.ts';
import type { SandboxService } from '../kernel/pipeline.ts';
import { hash } from '../kernel/random.ts';
import type { SandboxRequest } from '../kernel/sandbox-request.ts';
import type { Arrivals } from './arrivals.ts';
import type { InteractionLog, LogPage } from './log.ts';
import { readLogQuery } from './query.ts';

/** A request of the interaction log that is about to be answered: the `n`-th since the start, asking for `page`. Both 1-based. */
export interface PageRequest {
  readonly n: number;
  readonly page: number;
}

/** Called before the answer is computed, so whatever it does to the log shows in it. */
export type PageListener = (request: PageRequest) => void | Promise<void>;

export interface InteractionsState {
  readonly log: InteractionLog;
  readonly arrivals: Arrivals;
  readonly listeners: Set<PageListener>;
  readonly shuffleTies: 'stable' | 'each-request';
  readonly seed: number;
}

/** The simulated interaction log. */
export function interactionsService(state: InteractionsState): SandboxService {
  let answered = 0;

  async function answer(request: SandboxRequest): Promise<Answer> {
    const query = readLogQuery(request.query);
    if (!('page' in query)) return refuse(400, 'The query is not valid.', { errors: query });

    answered += 1;
    const n = answered;
    for (const listener of [...state.listeners]) await listener({ n, page: query.page });
    state.arrivals.arrive(state.log);
    const shuffle = state.shuffleTies === 'each-request' ? hash(state.seed, 'ties', n) : null;
    return answerJsonText(200, pageJson(state.log.page(query, shuffle), query.returnCount));
  }

  return { service: services.interactions, routes: [{ endpoint: listInteractions, answer }] };
}

/** The records are JSON already; parsing them to print them again would cost most of the answer's time. */
function pageJson({ wire, totalCount }: LogPage, returnCount: boolean): string | Uint8Array {
  const count = returnCount ? `,"totalCount":${totalCount}` : '';
  if (wire.every(record => typeof record === 'string')) return `{"interactions":[${wire.join(',')}]${count}}`;
  const parts = wire.flatMap((record, index) => [index === 0 ? '' : ',', record]);
  return Buffer.concat(['{"interactions":[', ...parts, `]${count}}`].map(part => Buffer.from(part)));
}
