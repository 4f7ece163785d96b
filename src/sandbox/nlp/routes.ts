import { intentPageSize, listIntents, putNlpConfig, services } from '../../platform/endpoints.ts';
import { type Answer, answerJson, refuse } from '../kernel/answer.ts';
import type { SandboxService } from '../kernel/pipeline.ts';
import type { SandboxRequest } from '../kernel/sandbox-request.ts';
import { StrictQuery, wholeNumber } from '../kernel/strict-query.ts';
import type { AppliedConfigs } from './config.ts';
import type { Intents } from './intents.ts';

/** The simulated list of intents, and the configuration of their thresholds. */
export function nlpService(intents: Intents, configs: AppliedConfigs): SandboxService {
  return {
    service: services.nlp,
    routes: [
      { endpoint: listIntents, answer: request => answerList(request, intents) },
      { endpoint: putNlpConfig, answer: request => configs.put(request, intents) },
    ],
  };
}

const parameters = { page: wholeNumber(1), pageSize: wholeNumber(25, intentPageSize) } as const;

function answerList(request: SandboxRequest, intents: Intents): Answer {
  const query = new StrictQuery(request.query, Object.keys(parameters));
  const page = query.read('page', parameters.page);
  const pageSize = query.read('pageSize', parameters.pageSize);
  if (query.errors.length > 0) return refuse(400, 'The query is not valid.', { errors: query.errors });

  const listed = intents.page(page, pageSize);
  return answerJson(200, {
    entities: listed.intents.map(({ id, name }) => ({ id, name, status: 'active' })),
    page,
    pageSize,
    pageCount: listed.pageCount,
  });
}
