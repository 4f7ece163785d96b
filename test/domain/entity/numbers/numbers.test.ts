import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { languages } from '../../../../src/domain/entity/language.ts';
import { moneyOf } from '../../../../src/domain/entity/numbers/money.ts';
import { numberOfPhrase } from '../../../../src/domain/entity/numbers/number.ts';
import { percentageOf } from '../../../../src/domain/entity/numbers/percentage.ts';
import { phoneNumberOf } from '../../../../src/domain/entity/phone.ts';

describe('a number', () => {
  it.each([
    ['1.200,50', 'de-DE', 1200.5],
    ['1.200,50', 'en-US', null],
    ['1,200.50', 'en-US', 1200.5],
    ['1,200.50', 'de-DE', null],
    ['1,20', 'en-GB', null],
    ['1.200', 'de-DE', 1200],
    ['1\u202f200,5', 'fr-FR', 1200.5],
    ['1.200', 'fr-FR', null],
    ['1.200.000', 'es-ES', 1_200_000],
    ['12.34.56', 'de-DE', null],
    ['-3,5', 'es-ES', -3.5],
    ['twenty-one', 'en-US', 21],
    ['einundzwanzig', 'de-DE', 21],
    ['treinta y dos', 'es-ES', 32],
    ['vingt et un', 'fr-FR', 21],
    ['1.1 million', 'en-US', 1_100_000],
    ['2,5 Mio.', 'de-DE', 2_500_000],
    ['3 milliards', 'fr-FR', 3_000_000_000],
    ['5 apples', 'en-US', null],
    ['a', 'en-US', null],
    ['1234567890123456', 'en-US', null],
    ['', 'en-US', null],
  ] as const)('%s in %s is %s', (phrase, language, value) => {
    expect(numberOfPhrase(phrase, language)).toBe(value);
  });

  it('is read back as the locale writes it', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.constantFrom(...languages), (cents, language) => {
        const value = cents / 100;
        const written = new Intl.NumberFormat(language, { minimumFractionDigits: 2, useGrouping: 'always' }).format(
          value,
        );
        expect(numberOfPhrase(written, language)).toBe(value);
      }),
    );
  });
});

describe('a percentage', () => {
  it.each([
    ['12,5 %', 'de-DE', 12.5],
    ['12.5%', 'en-US', 12.5],
    ['ten percent', 'en-GB', 10],
    ['20 por ciento', 'es-ES', 20],
    ['20 pour cent', 'fr-FR', 20],
    ['12,5 %', 'en-US', null],
    ['12', 'en-US', null],
    ['%', 'en-US', null],
  ] as const)('%s in %s is %s', (phrase, language, value) => {
    expect(percentageOf(phrase, language)).toBe(value);
  });
});

describe('money', () => {
  it.each([
    ['$1,200.50', 'en-US', { value: 1200.5, currency: 'USD' }],
    ['1.200,50 €', 'de-DE', { value: 1200.5, currency: 'EUR' }],
    ['1 200,50 €', 'fr-FR', { value: 1200.5, currency: 'EUR' }],
    ['£20', 'en-GB', { value: 20, currency: 'GBP' }],
    ['EUR 12.50', 'en-GB', { value: 12.5, currency: 'EUR' }],
    ['20 CHF', 'de-DE', { value: 20, currency: 'CHF' }],
    ['fifty dollars', 'en-US', { value: 50, currency: 'USD' }],
    ['50 cents', 'en-US', { value: 0.5, currency: 'USD' }],
    ['50p', 'en-GB', { value: 0.5, currency: 'GBP' }],
    ['5 dollars and 20 cents', 'en-US', { value: 5.2, currency: 'USD' }],
    ['5 Euro 50 Cent', 'de-DE', { value: 5.5, currency: 'EUR' }],
    ['cinco euros', 'es-ES', { value: 5, currency: 'EUR' }],
    ['5 euros con 20 céntimos', 'es-ES', { value: 5.2, currency: 'EUR' }],
    ['2 million dollars', 'en-US', { value: 2_000_000, currency: 'USD' }],
    ['-$5', 'en-US', { value: -5, currency: 'USD' }],
    ['$50', 'en-GB', { value: 50 }],
    ['¥500', 'en-US', { value: 500 }],
    ['1.200,50', 'es-ES', { value: 1200.5 }],
    ['1.200,50 €', 'en-US', null],
    ['a lot of money', 'en-US', null],
    ['5 apples', 'en-US', null],
    ['$', 'en-US', null],
    ['12 EUR each', 'en-US', null],
    ['5 pounds and 20 pence', 'en-GB', { value: 5.2, currency: 'GBP' }],
    ['5 euros and 20 pence', 'en-GB', null],
  ] as const)('%s in %s is %j', (phrase, language, value) => {
    expect(moneyOf(phrase, language)).toEqual(value);
  });
});

describe('a phone number', () => {
  it.each([
    ['(212) 555-0123', 'en-US', '+12125550123'],
    ['020 7946 0958', 'en-GB', '+442079460958'],
    ['030 123456', 'de-DE', '+4930123456'],
    ['+49 30 123456', 'en-US', '+4930123456'],
    ['612 34 56 78', 'es-ES', '+34612345678'],
    ['06 12 34 56 78', 'fr-FR', '+33612345678'],
    ['0033 6 12 34 56 78', 'de-DE', '+33612345678'],
    ['212-555-0123 ext. 5', 'en-US', null],
    ['call 212 555 0123', 'en-US', null],
    ['12', 'en-US', null],
    ['1-800-FLOWERS', 'en-US', null],
    ['000000000', 'de-DE', null],
  ] as const)('%s in %s is %s', (phrase, language, value) => {
    expect(phoneNumberOf(phrase, language)).toBe(value);
  });
});
