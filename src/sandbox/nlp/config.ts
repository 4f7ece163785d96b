import { type NlpConfig, nlpConfig } from '../../platform/endpoints.ts';
import { type Answer, answerJson, type FieldError, refuse } from '../kernel/answer.ts';
import { type BodyWords, readJsonBody, summary } from '../kernel/json-body.ts';
import type { SandboxRequest } from '../kernel/sandbox-request.ts';
import type { Intents } from './intents.ts';

/** The thresholds of the simulated tenant. Nothing on the wire reads them back. */
export class AppliedConfigs {
  /** Every configuration that was applied, oldest first: the last one is in force, and nothing of those before it. */
  readonly history: NlpConfig[] = [];

  /** The configuration in force; null before the first one is applied. */
  get current(): NlpConfig | null {
    return this.history.at(-1) ?? null;
  }

  /** Applies a configuration as a whole, or refuses it as a whole: 400 for a wrong body, 404 for an intent that is not active. */
  put(request: SandboxRequest, intents: Intents): Answer {
    const read = readJsonBody(request, nlpConfig, words, repeated);
    if ('refusal' in read) return read.refusal;
    const config = read.body;

    const unknown = config.intentThresholds.flatMap(({ intentId }, index) =>
      intents.isActive(intentId)
        ? []
        : [{ field: `intentThresholds[${index}].intentId`, message: 'does not match any active intent' }],
    );
    if (unknown.length > 0) return refuse(404, summary('An intent was not found', unknown), { errors: unknown });

    this.history.push(config);
    return answerJson(200, { status: 'applied', intentCount: config.intentThresholds.length });
  }
}

const words: BodyWords = {
  what: 'configuration',
  message: field => (/Threshold$/.test(field) ? 'must be a number from 0.0 to 1.0' : undefined),
};

function repeated({ intentThresholds }: NlpConfig): FieldError[] {
  const seen = new Set<string>();
  return intentThresholds.flatMap(({ intentId }, index) => {
    if (seen.has(intentId))
      return [{ field: `intentThresholds[${index}].intentId`, message: 'is given more than once' }];
    seen.add(intentId);
    return [];
  });
}
