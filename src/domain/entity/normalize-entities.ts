import type { DateContext } from './dates/resolve.ts';
import type { Entity } from './entity.ts';
import { normalizedOf } from './meaning.ts';
import type { WordTable } from './normalization.ts';
import type { PlatformEntity } from './platform-answer.ts';
import { type Place, placesOf } from './spans.ts';

/** The entities of an answer as a result has them, in the platform's order. */
export interface NormalizedEntities {
  readonly entities: Entity[];
  /** Intents whose mapped value is not allowed. */
  readonly droppedIntents: number;
}

export function normalizeEntities(
  text: string,
  found: readonly PlatformEntity[],
  table: WordTable,
  context: DateContext,
): NormalizedEntities {
  const places = placesOf(text, found);
  const entities = found.flatMap((each, index) => {
    const place = places[index];
    const word = table.wordFor(each.name, each.value);
    if (place === undefined || (isIntent(each) && !table.isAllowedIntent(word))) return [];
    return [entityOf(each, word, place, context)];
  });
  return { entities, droppedIntents: found.length - entities.length };
}

function isIntent({ name }: PlatformEntity): boolean {
  return name.trim().toLowerCase() === 'intent';
}

function entityOf(
  { name, value, confidence }: PlatformEntity,
  word: string,
  place: Place,
  context: DateContext,
): Entity {
  const { start, end, isMismatch } = place;
  const meaning = isMismatch ? null : normalizedOf(name, value, context);
  const result: Entity = { name, value: word, confidence, start, end };
  if (word !== value) result.raw_value = value;
  if (isMismatch) result.span_mismatch = true;
  if (meaning !== null) result.normalized = meaning;
  return result;
}
