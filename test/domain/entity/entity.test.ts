import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entity } from '../../../src/domain/entity/entity.ts';
import { defaultNormalization, wordTable } from '../../../src/domain/entity/normalization.ts';
import { normalizeEntities } from '../../../src/domain/entity/normalize-entities.ts';
import { placesOf } from '../../../src/domain/entity/spans.ts';

const table = wordTable(defaultNormalization);
const context = { language: 'en-US', referenceTime: Date.parse('2026-11-18T15:00:00Z'), timeZone: 'UTC' } as const;

describe('the entities of an answer', () => {
  it('are mapped, resolved, and flagged where the platform gives wrong offsets', () => {
    const text = 'I need a refund for my wireless headphones purchased last Tuesday';
    const found = [
      { name: 'product', value: 'wireless headphones', confidence: 0.94, start: 25, end: 44 },
      { name: 'date', value: 'last Tuesday', confidence: 0.88, start: 53, end: 65 },
      { name: 'date', value: 'last Tuesday', confidence: 0.88, start: 56, end: 68 },
      { name: 'intent', value: 'refund', confidence: 0.97, start: 9, end: 15 },
    ];
    const { entities, droppedIntents } = normalizeEntities(text, found, table, context);
    expect(droppedIntents).toBe(0);
    expect(entities).toEqual([
      {
        name: 'product',
        value: 'WH-1000XM5',
        raw_value: 'wireless headphones',
        confidence: 0.94,
        start: 25,
        end: 44,
        span_mismatch: true,
      },
      {
        name: 'date',
        value: 'last Tuesday',
        confidence: 0.88,
        start: 53,
        end: 65,
        normalized: { kind: 'date', value: '2026-11-17', grain: 'day' },
      },
      { name: 'date', value: 'last Tuesday', confidence: 0.88, start: 56, end: 68, span_mismatch: true },
      { name: 'intent', value: 'PROCESS_REFUND', raw_value: 'refund', confidence: 0.97, start: 9, end: 15 },
    ]);
    for (const each of entities) expect(entity.safeParse(each).success).toBe(true);
  });

  it('leave out intents that are not allowed, and count them', () => {
    const found = [{ name: 'intent', value: 'cancel', confidence: 1, start: 0, end: 6 }];
    expect(normalizeEntities('cancel it', found, table, context)).toEqual({ entities: [], droppedIntents: 1 });
  });

  it('have no normalized form where the words are not understood as a whole', () => {
    const found = [{ name: 'date', value: 'sometime last week', confidence: 1, start: 0, end: 18 }];
    const { entities } = normalizeEntities('sometime last week', found, table, context);
    expect(entities).toEqual([{ name: 'date', value: 'sometime last week', confidence: 1, start: 0, end: 18 }]);
  });
});

describe('offsets', () => {
  it('in code points are converted for the whole answer', () => {
    const text = '😀 call 😀 now';
    expect(
      placesOf(text, [
        { value: 'call', start: 2, end: 6 },
        { value: 'now', start: 9, end: 12 },
      ]),
    ).toEqual([
      { start: 3, end: 7, isMismatch: false },
      { start: 11, end: 14, isMismatch: false },
    ]);
  });

  it('outside the text, reversed or empty are a mismatch and stay as they are', () => {
    const spans = [
      { value: 'a', start: -1, end: 0 },
      { value: 'b', start: 1, end: 99 },
      { value: 'b', start: 2, end: 1 },
      { value: '', start: 1, end: 1 },
    ];
    expect(placesOf('ab', spans)).toEqual(spans.map(({ start, end }) => ({ start, end, isMismatch: true })));
  });

  it('of either kind are found in any text', () => {
    const texts = fc.array(fc.constantFrom('😀', 'é', 'a', '日', ' '), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(texts, fc.nat(19), fc.nat(19), fc.boolean(), (points, one, other, isUtf16) => {
        const [from, to] = [Math.min(one, other) % points.length, Math.max(one, other)].map(Number);
        const part = points.slice(from, (to ?? 0) + 1).join('');
        const before = points.slice(0, from).join('');
        const length = (text: string) => (isUtf16 ? text.length : [...text].length);
        const span = { value: part, start: length(before), end: length(before) + length(part) };
        const text = points.join('');
        const [place] = placesOf(text, [span]);
        expect(place?.isMismatch).toBe(false);
        expect(text.slice(place?.start, place?.end)).toBe(part);
      }),
    );
  });
});
