import { describe, expect, it } from 'vitest';
import { resolveDate } from '../../../../src/domain/entity/dates/resolve.ts';
import { deDe } from '../golden/de-de.ts';
import { enGb } from '../golden/en-gb.ts';
import { enUs } from '../golden/en-us.ts';
import { esEs } from '../golden/es-es.ts';
import { frFr } from '../golden/fr-fr.ts';

const lists = [enUs, enGb, deDe, esEs, frFr];

describe.each(lists)('dates in $language', ({ language, groups }) => {
  for (const { referenceTime, timeZone, prefer, phrases } of groups) {
    describe(`at ${referenceTime}${prefer === undefined ? '' : `, prefer ${prefer}`}`, () => {
      it.each(phrases.map(each => ({ phrase: each[0], expected: each })))('$phrase', ({ phrase, expected }) => {
        const context = { language, timeZone, prefer, referenceTime: Date.parse(referenceTime) };
        const [, value, grain, alternatives = []] = expected;
        const wanted = value === null ? null : { value, grain, alternatives };
        expect(resolveDate(phrase, context)).toEqual(wanted);
      });
    });
  }
});

describe('the golden list', () => {
  it.each(lists)('has 30 phrases with a value and 10 without in $language', ({ groups }) => {
    const values = groups.flatMap(({ phrases }) => phrases.map(([, value]) => value));
    expect(values.filter(value => value !== null).length).toBeGreaterThanOrEqual(30);
    expect(values.filter(value => value === null).length).toBeGreaterThanOrEqual(10);
  });
});
