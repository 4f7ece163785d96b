import { z } from 'zod';
import { type PlatformEntity, platformAnswer } from '../../src/domain/entity/platform-answer.ts';
import { canonicalForm, platformRequestOf } from '../../src/domain/entity/platform-request.ts';
import type { ResolvedRequest } from '../../src/domain/entity/request.ts';
import { isCoded, MlopsError, NotNow } from '../../src/errors.ts';
import { extractFromText } from '../../src/platform/endpoints.ts';
import type { Answer, KeptIn } from '../../src/redis/answers/answers.ts';
import type { Sealing } from '../../src/store/sealing/sealing.ts';
import type { Resources } from '../resources.ts';
import { sealedElsewhere } from './errors.ts';

/** What the platform found in a text, and where the answer is from. */
export interface Found {
  readonly entities: readonly PlatformEntity[];
  readonly source: Answer['source'];
  readonly ageMs: number;
}

export interface AskOptions {
  readonly signal: AbortSignal;
  readonly isBulk: boolean;
  /** Called when the request leaves. */
  readonly onSent?: () => void;
  readonly keptIn?: KeptIn;
}

export type AnswerResources = Pick<Resources, 'cxone' | 'budget' | 'answers'>;

const entities = platformAnswer.shape.entities;

/** The key of a request in the cache: equal for requests that ask the platform the same. */
export function answerKey(sealing: Sealing, request: ResolvedRequest): string {
  return sealing.hash('entities.request', canonicalForm(platformRequestOf(request)));
}

/**
 * The entities of a text, from the cache or from the platform.
 * @throws NotNow; MlopsError as the client of the platform does
 */
export async function entitiesOf(
  request: ResolvedRequest,
  { cxone, budget, answers }: AnswerResources,
  sealing: Sealing,
  { signal, isBulk, onSent, keptIn }: AskOptions,
): Promise<Found> {
  const key = answerKey(sealing, request);
  const body = platformRequestOf(request);
  const call = async () => {
    const beforeSend = async () => onSent?.();
    const asked = { body, isBulk, beforeSend, confidential: request.text };
    const { answer } = await cxone.ask(extractFromText, asked, signal);
    return sealing.seal(purposeOf(key), JSON.stringify(answer.entities));
  };
  const isOutage = async (error: unknown) =>
    error instanceof NotNow
      ? (await budget.heldMs(extractFromText.family)) > 0
      : isCoded(error, 'PLATFORM_UNAVAILABLE', 'PLATFORM_SILENT', 'PLATFORM_UNREACHABLE');
  const answer = await answers.get(key, call, { signal, isOutage, ...(keptIn !== undefined && { keptIn }) });
  return { entities: openAnswer(sealing, key, answer.value), source: answer.source, ageMs: answer.ageMs };
}

/** A fresh answer of the cache; `null`: the platform would have to be asked. */
export async function cachedEntities(
  request: ResolvedRequest,
  { answers }: Pick<AnswerResources, 'answers'>,
  sealing: Sealing,
): Promise<Found | null> {
  const key = answerKey(sealing, request);
  const answer = await answers.find(key);
  return answer === null ? null : { ...answer, entities: openAnswer(sealing, key, answer.value) };
}

/** @throws MlopsError SEALED_ELSEWHERE */
export function openAnswer(sealing: Sealing, key: string, value: string): PlatformEntity[] {
  const opened = sealing.open(purposeOf(key), value);
  if (opened === null)
    throw new MlopsError(sealedElsewhere, 'an answer in Redis does not open with the tenant’s secret');
  return entities.parse(JSON.parse(opened));
}

/** An answer opens as the answer to its own request only. */
const purposeOf = (key: string) => `entities.answer.${key}`;

/** The part of a request's error that the caller can act on. */
export function explained(error: MlopsError, { types }: Pick<ResolvedRequest, 'types'>): MlopsError {
  if (!isCoded(error, 'PLATFORM_REFUSED') || (error.status !== 400 && error.status !== 422)) return error;
  const { message, where, status } = error;
  return new MlopsError(
    'PLATFORM_REFUSED',
    `${message}. The model may lack one of the entity types (${z.array(z.string()).parse(types).join(', ')}), or reject the text`,
    { where, status, cause: error },
  );
}
