import type { Language } from '../language.ts';

/** What names a currency; `null`: a currency, but not which one. */
type Names = readonly (readonly [name: RegExp, code: string | null])[];

const everywhere: Names = [
  [/^(?:€|euros?)$/i, 'EUR'],
  [/^(?:£|pounds? sterling|pfund sterling|libras? esterlinas?|livres? sterling)$/i, 'GBP'],
  [/^(?:us\$|\$us|us-dollars?|us dollars?)$/i, 'USD'],
  [/^(?:ca\$|c\$|cad\$)$/i, 'CAD'],
  [/^(?:a\$|au\$)$/i, 'AUD'],
  [/^(?:₹)$/, 'INR'],
  [/^(?:₩)$/, 'KRW'],
  [/^(?:₺)$/, 'TRY'],
  [/^(?:₴)$/, 'UAH'],
  [/^(?:zł)$/, 'PLN'],
  [/^(?:¥|kr\.?)$/, null],
];

const byLanguage: Readonly<Record<Language, Names>> = {
  'en-US': [
    [/^(?:\$|dollars?|bucks?)$/i, 'USD'],
    [/^(?:pounds?|quid)$/i, 'GBP'],
    [/^yen$/i, 'JPY'],
    [/^swiss francs?$/i, 'CHF'],
  ],
  'en-GB': [
    [/^(?:pounds?|quid)$/i, 'GBP'],
    [/^(?:\$|dollars?)$/i, null],
    [/^yen$/i, 'JPY'],
    [/^swiss francs?$/i, 'CHF'],
  ],
  'de-DE': [
    [/^(?:\$|dollar)$/i, null],
    [/^pfund$/i, 'GBP'],
    [/^(?:schweizer )?franken$/i, 'CHF'],
    [/^yen$/i, 'JPY'],
  ],
  'es-ES': [
    [/^(?:\$|d[óo]lar(?:es)?|pesos?)$/i, null],
    [/^libras?$/i, 'GBP'],
    [/^francos? suizos?$/i, 'CHF'],
    [/^yen(?:es)?$/i, 'JPY'],
  ],
  'fr-FR': [
    [/^(?:\$|dollars?)$/i, null],
    [/^livres?$/i, 'GBP'],
    [/^francs? suisses?$/i, 'CHF'],
    [/^yens?$/i, 'JPY'],
  ],
};

/** Hundredths of a currency. */
const minor: Readonly<Record<Language, Names>> = {
  'en-US': [
    [/^(?:¢|cents?)$/i, 'USD'],
    [/^(?:p|pence|penny)$/i, 'GBP'],
  ],
  'en-GB': [
    [/^(?:p|pence|penny)$/i, 'GBP'],
    [/^cents?$/i, null],
  ],
  'de-DE': [
    [/^(?:cents?|ct\.?)$/i, 'EUR'],
    [/^rappen$/i, 'CHF'],
  ],
  'es-ES': [[/^c[ée]ntimos?$/i, 'EUR']],
  'fr-FR': [[/^(?:centimes?|cents?)$/i, 'EUR']],
};

/** A currency: its ISO 4217 code, or `null` where the name is shared by several, such as `$` outside en-US. */
export interface Currency {
  readonly code: string | null;
  /** 100 for cents. */
  readonly parts: 1 | 100;
}

const isoCodes: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));
const commonCodes = /^(?:eur|usd|gbp|chf)$/i;

/** The currency of a symbol, an ISO 4217 code in capitals, or a word of the language. */
export function currencyOf(name: string, language: Language): Currency | null {
  const code = commonCodes.test(name) ? name.toUpperCase() : name;
  if (isoCodes.has(code)) return { code, parts: 1 };
  const major = [...byLanguage[language], ...everywhere].find(([names]) => names.test(name));
  if (major !== undefined) return { code: major[1], parts: 1 };
  const hundredth = minor[language].find(([names]) => names.test(name));
  return hundredth === undefined ? null : { code: hundredth[1], parts: 100 };
}
