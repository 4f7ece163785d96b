import type { z } from 'zod';
import { type NlpConfig, nlpConfig } from '../../edges/cxone/endpoints.ts';
import { type Answer, answerJson, type FieldError, refuse } from '../kernel/answer.ts';
import type { Asked } from '../kernel/asked.ts';
import type { Intents } from './intents.ts';

/** The thresholds of the simulated tenant. Nothing on the wire reads them back. */
export class AppliedConfigs {
  /** Every configuration that was applied, oldest first: the last one is in force, and nothing of those before it. */
  readonly history: NlpConfig[] = [];

  /** What is in force; null while none was ever applied. */
  get current(): NlpConfig | null {
    return this.history.at(-1) ?? null;
  }

  /** Applies a configuration as a whole, or refuses it as a whole: 400 for a wrong body, 404 for an intent that is not active. */
  put(asked: Asked, intents: Intents): Answer {
    const config = readConfig(asked);
    if ('status' in config) return config;

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

function readConfig(asked: Asked): NlpConfig | Answer {
  if (asked.contentType !== 'application/json') return refuse(400, 'The body must be application/json.');
  let body: unknown;
  try {
    body = JSON.parse(asked.body);
  } catch {
    return refuse(400, 'The body is not JSON.');
  }
  const parsed = nlpConfig.safeParse(body);
  const errors = parsed.success ? repeated(parsed.data) : parsed.error.issues.flatMap(issue => fieldErrors(issue));
  if (parsed.success && errors.length === 0) return parsed.data;
  return refuse(400, summary('The configuration is not valid', errors), { errors });
}

function repeated({ intentThresholds }: NlpConfig): FieldError[] {
  const seen = new Set<string>();
  return intentThresholds.flatMap(({ intentId }, index) => {
    if (seen.has(intentId))
      return [{ field: `intentThresholds[${index}].intentId`, message: 'is given more than once' }];
    seen.add(intentId);
    return [];
  });
}

function fieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  const path = fieldPath(issue.path);
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map(key => ({
      field: path === '' ? key : `${path}.${key}`,
      message: 'is not a field of the configuration',
    }));
  const field = path === '' ? 'body' : path;
  return [{ field, message: /Threshold$/.test(field) ? 'must be a number from 0.0 to 1.0' : issue.message }];
}

/** `intentThresholds[3].confidenceThreshold`. */
function fieldPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((before, part) => {
    if (typeof part === 'number') return `${before}[${part}]`;
    return before === '' ? String(part) : `${before}.${String(part)}`;
  }, '');
}

/** Names the first field: a caller may show the message only. */
function summary(what: string, errors: readonly FieldError[]): string {
  const [first, ...more] = errors;
  if (first === undefined) return `${what}.`;
  return `${what}: ${first.field} ${first.message}${more.length === 0 ? '' : `, and ${more.length} more`}.`;
}
