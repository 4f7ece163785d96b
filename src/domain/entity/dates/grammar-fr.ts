import type { Grammar } from './grammar.ts';

const cardinalsTo16 = 'un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize'.split(
  ' ',
);
const tens: readonly (readonly [string, number])[] = [
  ['vingt', 20],
  ['trente', 30],
  ['quarante', 40],
  ['cinquante', 50],
  ['soixante', 60],
];

function cardinals(): Map<string, number> {
  const numbers = new Map<string, number>(cardinalsTo16.map((word, index) => [word, index + 1]));
  numbers.set('dix-sept', 17).set('dix-huit', 18).set('dix-neuf', 19).set('une', 1);
  for (const [ten, value] of tens) {
    numbers.set(ten, value);
    for (const one of ['un', 'une']) numbers.set(`${ten} et ${one}`, value + 1).set(`${ten}-et-${one}`, value + 1);
    for (const [index, word] of cardinalsTo16.slice(1, 9).entries()) {
      numbers.set(`${ten}-${word}`, value + index + 2).set(`${ten} ${word}`, value + index + 2);
    }
  }
  numbers.set('soixante-dix', 70).set('quatre-vingts', 80).set('quatre-vingt-dix', 90);
  return numbers;
}

/** Days of the month are counted with cardinals, the first alone has an ordinal; weekdays of a month have ordinals. */
function ordinals(): Map<string, number> {
  const days = [...cardinals()].filter(([word, value]) => value <= 31 && word !== 'un' && word !== 'une');
  const numbers = new Map<string, number>(days);
  const nths = [['premier', 'première'], ['deuxième', 'second'], ['troisième'], ['quatrième'], ['cinquième']];
  for (const [index, spellings] of nths.entries()) for (const word of spellings) numbers.set(word, index + 1);
  return numbers;
}

const last = '(?:derni(?:er|ère)|passée?)';
const next = '(?:prochaine?|qui vient|à venir)';
const current = '(?:ce|cet|cette)';
const on = '(?:le |du |au )?';
const the = "(?:le |la |l'|au |à la |à l'|pendant la |durant la |en )?";
const at = '(?:à )?';
const ofYear = "(?:(?: de| de l'année)? <year>)?";

export const french: Grammar = {
  isGerman: false,
  weekdays: [
    'lundi|lun\\.',
    'mardi|mar\\.',
    'mercredi|mer\\.',
    'jeudi|jeu\\.',
    'vendredi|ven\\.',
    'samedi|sam\\.',
    'dimanche|dim\\.',
  ],
  months: [
    'janvier|janv?\\.?',
    'février|févr?\\.?',
    'mars',
    'avril|avr\\.?',
    'mai',
    'juin',
    'juillet|juil\\.?',
    'août',
    'septembre|sept\\.?',
    'octobre|oct\\.?',
    'novembre|nov\\.?',
    'décembre|déc\\.?',
  ],
  units: {
    second: 'secondes?',
    minute: 'minutes?|min\\.?',
    hour: 'heures?',
    day: 'jours?',
    week: 'semaines?',
    month: 'mois',
    quarter: 'trimestres?',
    year: 'ans?|années?',
  },
  periods: { week: 'semaine', month: 'mois', quarter: 'trimestre', year: 'année|an' },
  numbers: cardinals(),
  ordinals: ordinals(),
  dayDigits: '1 ?er|[0-3]?[0-9]',
  now: 'maintenant',
  relativeDays: {
    "aujourd'hui|ce jour": 0,
    hier: -1,
    demain: 1,
    'avant[- ]hier': -2,
    'après[- ]demain': 2,
    "aujourd'hui en huit|d'aujourd'hui en huit": 7,
    'demain en huit': 8,
    "il y a aujourd'hui une semaine": -7,
  },
  minutes: {
    '(?:une )?demi[- ]heure': 30,
    "(?:un )?quart d'heure": 15,
    "trois quarts d'heure": 45,
    '(?:une|1) heure et demie': 90,
    'deux heures et demie': 150,
  },
  holidays: {
    "(?:à )?la saint[- ]sylvestre|(?:le )?réveillon du nouvel an|(?:le )?réveillon du jour de l'an": [12, 31],
    "(?:le |au )?(?:jour de l'an|nouvel an)": [1, 1],
    '(?:le )?réveillon de noël|(?:la )?veille de noël': [12, 24],
    '(?:à )?noël|(?:le )?jour de noël': [12, 25],
    '(?:le )?14[- ]juillet': [7, 14],
    '(?:à )?la toussaint': [11, 1],
    "(?:à )?l'armistice": [11, 11],
  },
  days: {
    weekday: [`${on}<weekday>`],
    lastWeekday: [`${on}<weekday> ${last}`],
    thisWeekday: [`ce <weekday>`],
    nextWeekday: [`${on}<weekday> prochain`],
    comingWeekday: [`${on}<weekday> (?:qui vient|à venir)`, `ce <weekday> qui vient`],
    weekdayLastWeek: [`${on}<weekday> de la semaine ${last}`, `la semaine ${last}(?: le)? <weekday>`],
    weekdayThisWeek: [`${on}<weekday> de cette semaine`, `cette semaine(?: le)? <weekday>`],
    weekdayNextWeek: [`${on}<weekday> de la semaine ${next}`, `la semaine ${next}(?: le)? <weekday>`],
    weekdayAndWeek: [`${on}<weekday> en huit`],
    weekdayAndDay: [`${on}<weekday> (?<day>1er|[0-3]?[0-9])`],
    weekdayAndDate: [`${on}<weekday>(?: le)? (?<rest>.+)`],
    beforeLastPeriod: [],
    lastPeriod: [`${the}<period> ${last}`],
    thisPeriod: [`(?:en |pendant |durant )?${current} <period>(?:-ci)?`],
    nextPeriod: [`${the}<period> ${next}`],
    afterNextPeriod: [],
    lastWeekend: [`(?:le |au )?week-?end ${last}`],
    thisWeekend: ['(?:ce|le) week-?end(?: qui vient)?'],
    nextWeekend: [`(?:le |au )?week-?end prochain`],
    year: ["(?:en |l'année |en l'an |l'an )?<year>"],
    month: ["(?:en |au mois de |le mois de |au mois d'|le mois d')?<month>"],
    monthYear: ["(?:en |au mois de |le mois de |au mois d'|le mois d')?<month>(?: de| de l'année)? <year>"],
    lastMonthName: [`(?:en |le )?<month> ${last}`],
    nextMonthName: [`(?:en |le )?<month> ${next}`],
    monthLastYear: [`(?:en )?<month> de l'(?:année|an) ${last}`],
    monthThisYear: [`(?:en )?<month> de cette année`, '(?:en )?ce mois de <month>'],
    monthNextYear: [`(?:en )?<month> de l'(?:année|an) ${next}`],
    date: [`${on}<day> <month>${ofYear}`, `${on}<day>-<month>-<year>`],
    dayOfMonth: [`(?:le |au )<day>`],
    dayLastMonth: [`${on}<day> du mois ${last}`],
    dayThisMonth: [`${on}<day> (?:de ce mois|du mois|courant)`],
    dayNextMonth: [`${on}<day> du mois ${next}`],
    nthWeekday: [
      `${on}(?<nth>premier|deuxième|second|troisième|quatrième|cinquième) <weekday> (?:de |d'|du mois de )<month>${ofYear}`,
    ],
    lastWeekdayOf: [`${on}dernier <weekday> (?:de |d'|du mois de )<month>${ofYear}`],
    endLastPeriod: [
      `(?:à )?(?:la )?fin (?:du |de la |de l')<period> ${last}`,
      `(?:le )?dernier jour (?:du |de la |de l')<period> ${last}`,
    ],
    endThisPeriod: [
      `(?:à )?(?:la )?fin (?:du |de la |de l'|de |d')(?:${current} )?<period>`,
      `(?:le )?dernier jour (?:du |de la |de l')<period>`,
      `(?:à )?(?:la )?fin <period>`,
    ],
    endNextPeriod: [
      `(?:à )?(?:la )?fin (?:du |de la |de l')<period> ${next}`,
      `(?:le )?dernier jour (?:du |de la |de l')<period> ${next}`,
    ],
    endYear: ['(?:à )?(?:la )?fin (?:de )?<year>'],
    endMonth: [
      `(?:à )?(?:la )?fin (?:de |d'|du mois de )?<month>${ofYear}`,
      `(?:le )?dernier jour (?:de |d'|du mois de )<month>${ofYear}`,
    ],
  },
  ago: ['il y a <duration>'],
  ahead: ['dans <duration>'],
  and: '(?: et|)',
  clock: {
    hour: [`${at}<h> ?(?:heures?|h)(?: pile)?`],
    bareHour: [],
    digital: [`${at}<h>:<mm>(?::<ss>)?`, `${at}<h> ?(?:h|heures?) ?(?<mm>[0-5]?[0-9])(?: ?(?:min|m|minutes?)\\.?)?`],
    halfPast: [`${at}<h> (?:heures?|h) et demie?`],
    quarterPast: [`${at}<h> (?:heures?|h) et quart`],
    quarterTo: [`${at}<h> (?:heures?|h) moins le quart`],
    minutesPast: [`${at}<h> (?:heures?|h) <m>`],
    minutesTo: [`${at}<h> (?:heures?|h) moins <m>`],
    noon: ['(?:à |le |ce )?midi'],
    midnight: ['(?:à )?minuit'],
  },
  parts: {
    morning: '(?:du |le |au )?matin|dans la matinée',
    afternoon: "(?:de l'|l'|dans l'|en )?après-midi|(?:de l'|l'|dans l'|en )?aprem",
    evening: '(?:du |le |au )?soir|dans la soirée|en soirée',
    'small-hours': 'de la nuit',
  },
  hours: { morning: [6, 12], afternoon: [12, 18], evening: [18, 24] },
  partsOfDays: {
    'ce matin': [0, 'morning'],
    'cet après-midi|cet aprem': [0, 'afternoon'],
    'ce soir': [0, 'evening'],
  },
  nextIsNextWeek: false,
  countsTwelve: false,
};
