/** The languages of the entity service. */
export const languages = ['en-US', 'en-GB', 'de-DE', 'es-ES', 'fr-FR'] as const;
export type Language = (typeof languages)[number];

/** Words by the first two letters of a language. */
type Words = Readonly<Record<'en' | 'de' | 'es' | 'fr', readonly string[]>>;

const months: Words = {
  en: 'January February March April May June July August September October November December'.split(' '),
  de: 'Januar Februar März April Mai Juni Juli August September Oktober November Dezember'.split(' '),
  es: 'enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre'.split(' '),
  fr: 'janvier février mars avril mai juin juillet août septembre octobre novembre décembre'.split(' '),
};

const relativeDays: Words = {
  en: [
    'day before yesterday',
    'day after tomorrow',
    'yesterday',
    'today',
    'tomorrow',
    '(?:(?:last|next|this) )?(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)',
    '(?:last|next|this) (?:week|month|year)',
  ],
  de: [
    'vorgestern',
    'übermorgen',
    'gestern',
    'heute',
    'morgen',
    '(?:(?:letzten|nächsten|diesen) )?(?:Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonntag)',
    '(?:letzte|nächste|diese) Woche',
  ],
  es: [
    'anteayer',
    'ayer',
    'hoy',
    'mañana',
    '(?:lunes|martes|miércoles|jueves|viernes|sábado|domingo)(?: pasado)?',
    '(?:la )?semana pasada',
  ],
  fr: [
    'avant-hier',
    'hier',
    "aujourd[’']hui",
    'après-demain',
    'demain',
    '(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)(?: dernier| prochain)?',
    '(?:la )?semaine dernière',
  ],
};

const products: Words = {
  en: ['wireless headphones', 'headphones', 'smart watch', 'laptop', 'phone case', 'router', 'coffee machine'],
  de: ['kabellose Kopfhörer', 'Kopfhörer', 'Smartwatch', 'Laptop', 'Handyhülle', 'Router', 'Kaffeemaschine'],
  es: ['auriculares inalámbricos', 'auriculares', 'reloj inteligente', 'portátil', 'funda', 'router', 'cafetera'],
  fr: ['casque sans fil', 'casque', 'montre connectée', 'ordinateur portable', 'coque', 'routeur', 'cafetière'],
};

const intents: Words = {
  en: ['refund', 'cancel', 'return', 'exchange', 'track', 'complain'],
  de: ['Erstattung', 'erstatten', 'stornieren', 'zurückgeben', 'umtauschen', 'verfolgen', 'beschweren'],
  es: ['reembolso', 'cancelar', 'devolver', 'cambiar', 'rastrear', 'reclamar'],
  fr: ['remboursement', 'rembourser', 'annuler', 'retourner', 'échanger', 'suivre', 'réclamer'],
};

const locations: Words = {
  en: ['New York', 'London', 'Chicago', 'Seattle', 'Manchester', 'Berlin', 'Paris', 'Madrid'],
  de: ['Berlin', 'München', 'Köln', 'Hamburg', 'Zürich', 'Wien', 'Paris', 'London'],
  es: ['Madrid', 'Barcelona', 'Sevilla', 'Valencia', 'Ciudad de México', 'Londres', 'París'],
  fr: ['Paris', 'Lyon', 'Marseille', 'Genève', 'Montréal', 'Londres', 'Berlin'],
};

const numberPattern = String.raw`\d+(?:[.,\u00a0\u202f]\d+)*`;
const currencies = String.raw`(?:dollars?|euros?|pounds?|Dollar|Pfund|dólares|libras|livres|USD|EUR|GBP|€|£|\$)`;

/** The patterns of each entity of the built-in vocabulary, the more telling first: of two that overlap the first counts. */
const patterns: readonly { readonly name: string; readonly pattern: (words: keyof Words) => string }[] = [
  { name: 'email', pattern: () => String.raw`[\w.+-]+@[\w-]+(?:\.[\w-]+)+` },
  {
    name: 'phone',
    pattern: () => String.raw`(?:\+\d{1,3}[ -]?(?:\(?\d{1,4}\)?[ -]?){2,5}\d|\(?\d{3}\)?[ -]\d{3}[ -]\d{4})`,
  },
  { name: 'order_id', pattern: () => String.raw`(?:ORD|INV|TKT)-?\d{3,}` },
  {
    name: 'date',
    pattern: language =>
      [
        String.raw`\d{4}-\d{2}-\d{2}`,
        String.raw`\d{1,2}[./]\d{1,2}[./]\d{2,4}`,
        String.raw`\d{1,2}(?:st|nd|rd|th|\.|er)?(?: de| of)? (?:${months[language].join('|')})(?:(?: de)? \d{4})?`,
        String.raw`(?:${months[language].join('|')}) \d{1,2}(?:st|nd|rd|th)?(?:,? \d{4})?`,
        ...relativeDays[language],
      ].join('|'),
  },
  { name: 'time', pattern: () => String.raw`\d{1,2}[:h]\d{2}(?: ?[ap]\.?m\b\.?)?|\d{1,2} ?[ap]m|\d{1,2} Uhr` },
  { name: 'money', pattern: () => `[$€£] ?${numberPattern}|${numberPattern} ?${currencies}` },
  {
    name: 'percentage',
    pattern: () => String.raw`${numberPattern}[ \u00a0\u202f]?(?:%|percent|Prozent|por ciento|pour cent)`,
  },
  { name: 'product', pattern: language => products[language].join('|') },
  { name: 'intent', pattern: language => intents[language].join('|') },
  { name: 'location', pattern: language => locations[language].join('|') },
  { name: 'number', pattern: () => numberPattern },
];

/** The names that mean an entity of the vocabulary beside its own. */
const otherNames: Readonly<Record<string, string>> = {
  phone_number: 'phone',
  amount: 'money',
  price: 'money',
  currency: 'money',
  percent: 'percentage',
  city: 'location',
  datetime: 'date',
  order_number: 'order_id',
};

/** The name by which the vocabulary knows an entity type, whatever its case. */
export function vocabularyName(type: string): string {
  const lower = type.toLowerCase();
  return otherNames[lower] ?? lower;
}

/** One expression for each entity, which finds whole words only. */
export function expressionsOf(language: Language): readonly { readonly name: string; readonly expression: RegExp }[] {
  return compiled[language.slice(0, 2) as keyof Words];
}

const compiled = {
  en: compile('en'),
  de: compile('de'),
  es: compile('es'),
  fr: compile('fr'),
};

function compile(language: keyof Words): readonly { readonly name: string; readonly expression: RegExp }[] {
  return patterns.map(({ name, pattern }) => ({
    name,
    expression: new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${pattern(language)})(?![\p{L}\p{N}])`, 'giu'),
  }));
}
