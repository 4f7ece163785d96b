import type { Grammar } from './grammar.ts';

const ones = 'ein zwei drei vier fünf sechs sieben acht neun'.split(' ');
const teens = 'zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn'.split(' ');
const tens = 'zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig'.split(' ');
const firsts =
  'erste zweite dritte vierte fünfte sechste siebte achte neunte zehnte elfte zwölfte dreizehnte vierzehnte fünfzehnte sechzehnte siebzehnte achtzehnte neunzehnte'.split(
    ' ',
  );

function cardinals(): Map<string, number> {
  const numbers = new Map<string, number>();
  for (const [index, word] of ones.entries()) numbers.set(word, index + 1);
  for (const [index, word] of teens.entries()) numbers.set(word, index + 10);
  for (const [index, ten] of tens.entries()) {
    numbers.set(ten, (index + 2) * 10);
    for (const [one, word] of ones.entries()) numbers.set(`${word}und${ten}`, (index + 2) * 10 + one + 1);
  }
  for (const one of ['eins', 'eine', 'einem', 'einen', 'einer', 'eines']) numbers.set(one, 1);
  return numbers.set('zwo', 2);
}

function ordinals(): Map<string, number> {
  const numbers = new Map<string, number>();
  const add = (stem: string, value: number) => {
    for (const ending of ['', 'n', 'r', 's', 'm']) numbers.set(stem + ending, value);
  };
  for (const [index, word] of firsts.entries()) add(word, index + 1);
  add('siebente', 7);
  add('zwanzigste', 20);
  add('dreißigste', 30);
  for (const [one, word] of ones.entries()) add(`${word}undzwanzigste`, 21 + one);
  add('einunddreißigste', 31);
  return numbers;
}

const last = '(?:letzt|vergangen|vorig)e[nrsm]?';
const next = 'nächste[nrsm]?';
const coming = 'kommende[nrsm]?';
const current = '(?:diese[nrsm]?|laufende[nrsm]?|aktuelle[nrsm]?)';
const on = '(?:am |den |dem |der )?';
const during = '(?:in der |im |in |der |die |das |den |dem |während der )?';
const at = '(?:um )?';
const ofYear = '(?: (?:im jahr )?<year>)?';

export const german: Grammar = {
  isGerman: true,
  weekdays: [
    'montag|mo\\.',
    'dienstag|di\\.',
    'mittwoch|mi\\.',
    'donnerstag|do\\.',
    'freitag|fr\\.',
    'samstag|sonnabend|sa\\.',
    'sonntag|so\\.',
  ],
  months: [
    'januar|jänner|jan\\.?',
    'februar|feber|feb\\.?',
    'märz|mrz\\.?',
    'april|apr\\.?',
    'mai',
    'juni|jun\\.?',
    'juli|jul\\.?',
    'august|aug\\.?',
    'september|sept?\\.?',
    'oktober|okt\\.?',
    'november|nov\\.?',
    'dezember|dez\\.?',
  ],
  units: {
    second: 'sekunden?|sek\\.?',
    minute: 'minuten?|min\\.?',
    hour: 'stunden?|std\\.?',
    day: 'tage?n?',
    week: 'wochen?',
    month: 'monate?n?|monat',
    quarter: 'quartale?n?|quartal',
    year: 'jahre?n?|jahr',
  },
  periods: { week: 'woche', month: 'monats?', quarter: 'quartals?', year: 'jahre?s?' },
  numbers: cardinals(),
  ordinals: ordinals(),
  dayDigits: '[0-3]?[0-9]\\.',
  now: 'jetzt|gerade jetzt',
  relativeDays: {
    'heute|am heutigen tag': 0,
    'gestern|am gestrigen tag': -1,
    'morgen|am morgigen tag': 1,
    vorgestern: -2,
    vorvorgestern: -3,
    übermorgen: 2,
    überübermorgen: 3,
    'heute vor einer woche': -7,
    'heute in einer woche': 7,
    'heute vor (?:zwei wochen|vierzehn tagen)': -14,
    'heute in (?:zwei wochen|vierzehn tagen)': 14,
    'morgen in einer woche': 8,
  },
  minutes: {
    '(?:einer |eine )?halben? stunde': 30,
    '(?:einer |eine )?viertelstunde': 15,
    '(?:einer |eine )?dreiviertelstunde': 45,
    'anderthalb stunden|eineinhalb stunden|1,5 stunden': 90,
    'zweieinhalb stunden': 150,
  },
  holidays: {
    'silvester|sylvester': [12, 31],
    'neujahr|neujahrstag': [1, 1],
    'heiligabend|heiliger abend': [12, 24],
    'nikolaus|nikolaustag': [12, 6],
    'erste[nr] weihnachts(?:feier)?tag|1\\. weihnachts(?:feier)?tag': [12, 25],
    'zweite[nr] weihnachts(?:feier)?tag|2\\. weihnachts(?:feier)?tag': [12, 26],
    'tag der deutschen einheit': [10, 3],
  },
  days: {
    weekday: [`${on}<weekday>`],
    lastWeekday: [`${on}${last} <weekday>`],
    thisWeekday: [`(?:an )?${current} <weekday>`],
    nextWeekday: [`${on}${next} <weekday>`],
    comingWeekday: [`${on}${coming} <weekday>`],
    weekdayLastWeek: [`${on}<weekday> (?:der |in der )?${last} woche`, `${during}${last} woche(?: am)? <weekday>`],
    weekdayThisWeek: [`${on}<weekday> (?:in )?${current} woche`, `(?:in )?${current} woche(?: am)? <weekday>`],
    weekdayNextWeek: [
      `${on}<weekday> (?:der |in der )?(?:${next}|${coming}) woche`,
      `${during}(?:${next}|${coming}) woche(?: am)? <weekday>`,
    ],
    weekdayAndWeek: [`${on}<weekday> in einer woche`],
    weekdayAndDate: [`${on}<weekday>(?: de[nrm])? (?<rest>.+)`],
    beforeLastPeriod: [`${during}vorletzte[nrsm]? <period>`],
    lastPeriod: [`${during}${last} <period>`],
    thisPeriod: [`${during}${current} <period>`],
    nextPeriod: [`${during}(?:${next}|${coming}) <period>`],
    afterNextPeriod: [`${during}übernächste[nrsm]? <period>`],
    lastWeekend: [`${on}${last} wochenende`],
    thisWeekend: [`(?:an )?${current} wochenende`, `(?:am|das) (?:${coming} )?wochenende`, `${coming} wochenende`],
    nextWeekend: [`${on}${next} wochenende`],
    year: ['(?:im jahre? |in |das jahr )?<year>'],
    month: ['(?:im |in |im monat )?<month>'],
    monthYear: ['(?:im |in |im monat )?<month> (?:im jahr |des jahres )?<year>'],
    lastMonthName: [`(?:im )?${last} <month>`],
    nextMonthName: [`(?:im )?(?:${next}|${coming}) <month>`],
    monthLastYear: [`(?:im )?<month> (?:des )?${last} jahre?s?`],
    monthThisYear: [`(?:im )?<month> ${current} jahre?s?`, `(?:in )?${current} <month>`],
    monthNextYear: [`(?:im )?<month> (?:des )?(?:${next}|${coming}) jahre?s?`],
    date: [`${on}<day> ?<month>${ofYear}`],
    dayOfMonth: [`(?:am |der |den |dem )<day>`],
    dayLastMonth: [`${on}<day> (?:des )?${last} monats`],
    dayThisMonth: [`${on}<day> (?:des monats|(?:des )?${current} monats)`],
    dayNextMonth: [`${on}<day> (?:des )?(?:${next}|${coming}) monats`],
    nthWeekday: [`${on}(?:<nth>|(?<nthDigits>[1-5])\\.) <weekday> (?:im |des )?<month>s?${ofYear}`],
    lastWeekdayOf: [`${on}letzte[nrsm]? <weekday> (?:im |des )?<month>s?${ofYear}`],
    endLastPeriod: [`(?:am |zum )?(?:ende|letzte[nr]? tag)(?: de[rs])? ${last} <period>`],
    endThisPeriod: [
      `(?:am |zum |bis )?(?:ende|letzte[nr]? tag)(?: de[rs]| (?:de[rs] )?${current})? <period>`,
      '(?:am |zum )?(?<period>jahres|monats|quartals)ende',
      '(?:am |zum )?ende (?<period>jahr|monat|woche)',
    ],
    endNextPeriod: [`(?:am |zum )?(?:ende|letzte[nr]? tag)(?: de[rs])? (?:${next}|${coming}) <period>`],
    endYear: ['(?:am |zum )?ende(?: des jahres)? <year>'],
    endMonth: [`(?:am |zum )?(?:ende|letzte[nr]? tag im|letzte[nr]? tag des) <month>s?${ofYear}`],
  },
  ago: ['vor <duration>'],
  ahead: ['in <duration>', 'heute in <duration>'],
  and: '(?: und|)',
  clock: {
    hour: [`${at}<h> ?uhr`, 'um <h>'],
    bareHour: [],
    digital: [
      `${at}<h>:<mm>(?::<ss>)?(?: ?uhr| ?h)?`,
      `${at}<h>\\.<mm> ?uhr`,
      `um <h>\\.<mm>`,
      `${at}<h> uhr (?<mm>[0-5]?[0-9])`,
    ],
    halfPast: [],
    halfTo: [`${at}halb <h>(?: uhr)?`],
    quarterPast: [`${at}viertel nach <h>(?: uhr)?`],
    quarterTo: [`${at}(?:viertel vor|dreiviertel) <h>(?: uhr)?`],
    minutesPast: [`${at}<m>(?: minuten)? nach <h>(?: uhr)?`, `${at}<h> uhr <m>`],
    minutesTo: [`${at}<m>(?: minuten)? vor <h>(?: uhr)?`],
    noon: ['(?:am |um )?mittags?|zu mittag|um 12 uhr mittags'],
    midnight: ['um mitternacht|mitternachts?'],
  },
  parts: {
    morning: '(?:am )?(?:morgen|früh|vormittag)|in der frühe?|morgens|vormittags|frühmorgens',
    afternoon: '(?:am )?nachmittag|nachmittags|mittags',
    evening: '(?:am )?abend|abends',
    night: 'nachts|in der nacht',
  },
  hours: { morning: [6, 12], afternoon: [12, 18], evening: [18, 24] },
  partsOfDays: {
    'heute früh|heute morgen': [0, 'morning'],
    'morgen früh': [1, 'morning'],
    'gestern früh|gestern morgen': [-1, 'morning'],
  },
  nextIsNextWeek: false,
  countsTwelve: false,
};
