import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DateContext, resolveDate } from '../../../../src/domain/entity/dates/resolve.ts';
import { languages } from '../../../../src/domain/entity/language.ts';
import { deDe } from '../golden/de-de.ts';
import { enGb } from '../golden/en-gb.ts';
import { enUs } from '../golden/en-us.ts';
import { esEs } from '../golden/es-es.ts';
import { frFr } from '../golden/fr-fr.ts';

const lists = [enUs, enGb, deDe, esEs, frFr];
const phrasesOf = new Map(
  lists.map(({ language, groups }) => [language, groups.flatMap(({ phrases }) => phrases.map(([phrase]) => phrase))]),
);
const date = String.raw`\d{4}-\d{2}-\d{2}`;
const time = String.raw`${date}T\d{2}:\d{2}:\d{2}[+-]\d{2}:\d{2}`;
const forms = new RegExp(`^(?:${date}|${date}/${date}|${time}|${time}/${time})$`);

const context = fc.record({
  language: fc.constantFrom(...languages),
  referenceTime: fc.integer({ min: Date.UTC(1980, 0, 1), max: Date.UTC(2090, 0, 1) }),
  timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Pacific/Apia'),
  prefer: fc.constantFrom('past' as const, 'future' as const, undefined),
});

const at = (language: DateContext['language'], prefer?: 'past' | 'future'): DateContext => ({
  language,
  referenceTime: Date.parse('2026-11-18T13:30:00Z'),
  timeZone: 'UTC',
  prefer,
});

describe('the date of a phrase', () => {
  it('has a form of ISO 8601 whenever and wherever it is read, and readings that differ', () => {
    const phrases = context.chain(each =>
      fc.tuple(fc.constant(each), fc.constantFrom(...(phrasesOf.get(each.language) ?? []))),
    );
    fc.assert(
      fc.property(phrases, ([each, phrase]) => {
        const found = resolveDate(phrase, each);
        if (found === null) return;
        const all = [found.value, ...found.alternatives];
        for (const value of all) expect(value).toMatch(forms);
        expect(new Set(all).size).toBe(all.length);
      }),
    );
  });

  it('is none where a word is left over', () => {
    const extended = fc
      .constantFrom(...languages)
      .chain(language =>
        fc.tuple(fc.constant(language), fc.constantFrom(...(phrasesOf.get(language) ?? [])), fc.boolean()),
      );
    fc.assert(
      fc.property(extended, ([language, phrase, isBefore]) => {
        expect(resolveDate(isBefore ? `xyzzy ${phrase}` : `${phrase} xyzzy`, at(language))).toBeNull();
      }),
    );
  });

  it('is none for arbitrary text, which never makes it fail', () => {
    fc.assert(
      fc.property(context, fc.string({ unit: 'binary', maxLength: 200 }), (each, text) => {
        const found = resolveDate(`${text}?!`, each);
        expect(found === null || forms.test(found.value)).toBe(true);
      }),
    );
  });

  it('lies on the preferred side of now', () => {
    for (const weekday of ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']) {
      const past = resolveDate(weekday, at('en-US', 'past'))?.value ?? '';
      const future = resolveDate(weekday, at('en-US', 'future'))?.value ?? '';
      expect(past < '2026-11-18' && future > '2026-11-18', weekday).toBe(true);
      expect(Date.parse(future) - Date.parse(past)).toBe((weekday === 'Wednesday' ? 14 : 7) * 86_400_000);
    }
  });

  it.each([
    ['November 3-5', 'en-US', '2026-11-03/2026-11-05'],
    ['Sat, 15 Aug 2026 17:00 GMT', 'en-US', '2026-08-15T17:00:00+00:00'],
    ['2026-11-18T17:00:00Z', 'de-DE', '2026-11-18T17:00:00+00:00'],
    ['naechsten Montag', 'de-DE', '2026-11-23'],
    ['Donnerstagabend um 8', 'de-DE', '2026-11-19T20:00:00+00:00'],
    ['um zwölf Uhr mittags', 'de-DE', '2026-11-18T12:00:00+00:00'],
    ['manana por la manana a las 9', 'es-ES', '2026-11-19T09:00:00+00:00'],
    ['hace 15 días', 'es-ES', '2026-11-03'],
    ['il y a 15 jours', 'fr-FR', '2026-11-03'],
    ['lundi en huit', 'fr-FR', '2026-11-30'],
    ['2 weeks and 3 days ago', 'en-GB', '2026-11-01'],
  ] as const)('of %s in %s is %s', (phrase, language, value) => {
    expect(resolveDate(phrase, at(language))?.value).toBe(value);
  });
});
