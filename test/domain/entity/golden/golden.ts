import type { Language } from '../../../../src/domain/entity/language.ts';

/** A phrase, the value that its language's grammar gives it (`null`: none), its grain and its other readings. */
export type GoldenPhrase =
  | readonly [phrase: string, value: null]
  | readonly [phrase: string, value: string, grain: string, alternatives?: readonly string[]];

/** Phrases that are read at the same time and place. */
export interface GoldenGroup {
  readonly referenceTime: string;
  readonly timeZone: string;
  readonly prefer?: 'past' | 'future';
  readonly phrases: readonly GoldenPhrase[];
}

export interface GoldenList {
  readonly language: Language;
  readonly groups: readonly GoldenGroup[];
}
