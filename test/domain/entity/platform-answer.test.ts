import { describe, expect, it } from 'vitest';
import { platformAnswer } from '../../../src/domain/entity/platform-answer.ts';

const entity = { name: 'product', value: 'x', confidence: 0.9, start: 0, end: 1 };
const placesOf = (answer: unknown) =>
  platformAnswer.safeParse(answer).error?.issues.map(({ path }) => path.join('.')) ?? [];

describe('an answer of the platform', () => {
  it('may lack what is not used', () => {
    expect(placesOf({ entities: [] })).toEqual([]);
    expect(placesOf({ entities: [{ ...entity, more: 1 }], language: 'en-US', processingTimeMs: 12 })).toEqual([]);
  });

  it('is refused at the wrong field', () => {
    expect(placesOf({ entities: [entity, { ...entity, confidence: 1.7 }] })).toEqual(['entities.1.confidence']);
    expect(placesOf({ entities: [{ ...entity, name: undefined }] })).toEqual(['entities.0.name']);
    expect(placesOf({ entities: { 0: entity } })).toEqual(['entities']);
  });
});
