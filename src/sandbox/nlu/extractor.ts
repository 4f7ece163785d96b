import { hash } from '../kernel/random.ts';
import type { Annotations, Span } from './annotations.ts';
import { expressionsOf, type Language, vocabularyName } from './vocabulary.ts';

/** An entity as the service sends it. */
export interface Entity extends Span {
  readonly value: string;
  /** 0.6 to 0.99, a function of the text, the name and the place. */
  readonly confidence: number;
}

/** How the service counts: `shifted` gives spans that lie a few characters too far right, also beyond the end. */
export type Offsets = 'utf-16' | 'code-points' | 'shifted';

/** By how much `shifted` spans are wrong. */
const shift = 4;

/**
 * The entities of a text, by place: those that its annotations have, and those of the vocabulary that do not overlap
 * them. The same request finds the same entities.
 */
export function extract(
  text: string,
  language: Language,
  types: readonly string[],
  annotations: Annotations,
): readonly Entity[] {
  const annotated = (annotations.get(text) ?? []).filter(({ name }) => types.includes(name));
  const taken: Span[] = [...annotated];
  for (const { name, expression } of expressionsOf(language)) {
    for (const match of text.matchAll(expression)) {
      const span = { name, start: match.index, end: match.index + match[0].length };
      if (taken.every(other => span.end <= other.start || span.start >= other.end)) taken.push(span);
    }
  }
  return taken
    .flatMap(span => {
      const type = annotated.includes(span) ? span.name : types.find(type => vocabularyName(type) === span.name);
      return type === undefined ? [] : [{ ...span, name: type }];
    })
    .map(span => ({
      name: span.name,
      value: text.slice(span.start, span.end),
      confidence: (60 + (hash(text, span.name, span.start) % 40)) / 100,
      start: span.start,
      end: span.end,
    }))
    .sort((one, other) => one.start - other.start);
}

/** The entities with their places counted in another way. */
export function recounted(text: string, entities: readonly Entity[], offsets: Offsets): readonly Entity[] {
  if (offsets === 'utf-16') return entities;
  const place = (index: number): number =>
    offsets === 'code-points' ? [...text.slice(0, index)].length : index + shift;
  return entities.map(entity => ({ ...entity, start: place(entity.start), end: place(entity.end) }));
}
