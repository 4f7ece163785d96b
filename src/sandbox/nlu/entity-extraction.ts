import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { services } from '../../platform/endpoints.ts';
import { type Answer, answerJson, refuse } from '../kernel/answer.ts';
import type { SandboxClock } from '../kernel/clock.ts';
import { readJsonBody } from '../kernel/json-body.ts';
import type { SandboxService } from '../kernel/pipeline.ts';
import { hash } from '../kernel/random.ts';
import type { SandboxRequest } from '../kernel/sandbox-request.ts';
import type { Annotations } from './annotations.ts';
import { extract, type Offsets, recounted } from './extractor.ts';
import { languages } from './vocabulary.ts';

/** How entities are extracted; everything has a default. */
export interface NluOptions {
  /** Known entities of known texts, as `loadAnnotations` gives them; none by default. */
  readonly annotations?: Annotations;
  /** How places are counted; `utf-16` by default. */
  readonly offsets?: Offsets;
  /** Real milliseconds that an answer takes; 0 by default. */
  readonly latencyMs?: number;
  /** The entity types that the model has: others are refused with 422. Null, the default, for any. */
  readonly entityTypes?: readonly string[] | null;
  /** Texts that contain it are refused with 422; null, the default, for none. */
  readonly refusedMarker?: string | null;
}

/** An answer that the contract does not allow, or a refusal. */
export type NluTrouble =
  /** An entity whose confidence is 1.7. */
  | { readonly kind: 'confidence-above-one' }
  /** An entity without a name. */
  | { readonly kind: 'nameless' }
  /** `entities` is an object. */
  | { readonly kind: 'not-an-array' }
  /** 503: the model is being loaded. `retryAfter` in seconds; null, the default, for no header. */
  | { readonly kind: 'model-loading'; readonly retryAfter?: number | null };

/** A text that was extracted from. */
export interface NluCall {
  readonly text: string;
  readonly language: string;
  readonly entityTypes: readonly string[];
  readonly confidenceThreshold: number;
  /** The status answered. */
  readonly status: number;
  /** By the sandbox's clock, ISO 8601. */
  readonly at: string;
}

/** The body of a request, as it goes over the wire. */
const extraction = z.strictObject({
  text: z.string().min(1),
  language: z.enum(languages),
  confidence_threshold: z.number().min(0).max(1),
  entity_types: z.array(z.string().min(1)).min(1).max(10),
});
type Request = z.infer<typeof extraction>;

/** The simulated extraction of entities. */
export class Nlu {
  /** Every call that was answered, oldest first. */
  readonly calls: NluCall[] = [];
  readonly #options: NluOptions;
  readonly #clock: SandboxClock;
  readonly #closing: AbortSignal;
  readonly #troubles: { trouble: NluTrouble; text: string | null; left: number }[] = [];
  #offsets: Offsets;

  constructor(options: NluOptions, clock: SandboxClock, closing: AbortSignal) {
    this.#options = options;
    this.#clock = clock;
    this.#closing = closing;
    this.#offsets = options.offsets ?? 'utf-16';
  }

  /** How many calls about a text were answered. */
  callsFor(text: string): number {
    return this.calls.filter(call => call.text === text).length;
  }

  /** Counts places in another way from the next answer on. */
  setOffsets(offsets: Offsets): void {
    this.#offsets = offsets;
  }

  /** Lets the next calls, of this text if one is given, meet a trouble; one call by default. */
  failNext(trouble: NluTrouble, { text = null, times = 1 }: { text?: string | null; times?: number } = {}): void {
    this.#troubles.push({ trouble, text, left: times });
  }

  service(): SandboxService {
    return {
      service: services.nlu,
      routes: [
        {
          endpoint: { method: 'POST', path: '/api/v2/nlu/entities/extract', family: 'NLU' },
          answer: request => this.#answer(request),
        },
      ],
    };
  }

  async #answer(request: SandboxRequest): Promise<Answer> {
    const read = readJsonBody(request, extraction, { what: 'extraction' });
    if ('refusal' in read) return read.refusal;
    const { body } = read;
    const answer = this.#refusal(body) ?? this.#troubled(body) ?? answerJson(200, this.#extraction(body));
    const { latencyMs = 0 } = this.#options;
    // Real time, as with a slow network. A sandbox that closes ends the wait, and then answers nothing.
    if (latencyMs > 0) await sleep(latencyMs, undefined, { signal: this.#closing, ref: false }).catch(() => undefined);
    this.calls.push({
      text: body.text,
      language: body.language,
      entityTypes: body.entity_types,
      confidenceThreshold: body.confidence_threshold,
      status: answer.status,
      at: this.#clock.iso(),
    });
    return answer;
  }

  #extraction(body: Request): Record<string, unknown> {
    const { text, language } = body;
    const found = extract(text, language, body.entity_types, this.#options.annotations ?? new Map());
    const confident = found.filter(({ confidence }) => confidence >= body.confidence_threshold);
    return {
      entities: recounted(text, confident, this.#offsets),
      language,
      processingTimeMs: 8 + (hash('latency', text, language) % 50),
    };
  }

  #refusal({ text, entity_types }: Request): Answer | null {
    const { refusedMarker = null, entityTypes = null } = this.#options;
    if (refusedMarker !== null && text.includes(refusedMarker))
      return refuse(422, 'The text cannot be processed.', {
        errors: [{ field: 'text', message: 'cannot be processed' }],
      });
    const unknown = entityTypes === null ? [] : entity_types.filter(type => !entityTypes.includes(type));
    if (unknown.length === 0) return null;
    return refuse(422, `The model has no entity type ${unknown.join(', ')}.`, {
      errors: unknown.map(type => ({
        field: `entity_types[${entity_types.indexOf(type)}]`,
        message: 'is not a type of the model',
      })),
    });
  }

  #troubled(body: Request): Answer | null {
    const next = this.#troubles.find(({ text, left }) => left > 0 && (text === null || text === body.text));
    if (next === undefined) return null;
    next.left -= 1;
    const { trouble } = next;
    if (trouble.kind === 'model-loading') {
      const { retryAfter = null } = trouble;
      return refuse(503, 'The model is being loaded.', {
        headers: retryAfter === null ? {} : { 'retry-after': String(retryAfter) },
      });
    }
    const whole = { value: body.text, confidence: 0.9, start: 0, end: body.text.length };
    const wrong = {
      'confidence-above-one': [{ ...whole, name: body.entity_types[0], confidence: 1.7 }],
      nameless: [whole],
      'not-an-array': {},
    } as const;
    return answerJson(200, { entities: wrong[trouble.kind], language: body.language, processingTimeMs: 9 });
  }
}
