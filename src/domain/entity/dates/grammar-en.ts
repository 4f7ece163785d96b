import type { Grammar } from './grammar.ts';

const ones =
  'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const tens = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const firsts =
  'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth'.split(
    ' ',
  );

function cardinals(): Map<string, number> {
  const numbers = new Map<string, number>(ones.map((word, index) => [word, index + 1]));
  for (const [index, ten] of tens.entries()) {
    const value = (index + 2) * 10;
    numbers.set(ten, value);
    for (const [one, word] of ones.slice(0, 9).entries()) {
      numbers.set(`${ten}-${word}`, value + one + 1);
      numbers.set(`${ten} ${word}`, value + one + 1);
    }
  }
  return numbers.set('a', 1).set('an', 1);
}

function ordinals(): Map<string, number> {
  const numbers = new Map<string, number>(firsts.map((word, index) => [word, index + 1]));
  numbers.set('twentieth', 20).set('thirtieth', 30);
  for (const [one, word] of firsts.slice(0, 9).entries()) {
    for (const space of ['-', ' ']) numbers.set(`twenty${space}${word}`, 21 + one);
  }
  return numbers.set('thirty-first', 31).set('thirty first', 31);
}

const last = '(?:last|past|previous)';
const coming = '(?:coming|this coming|the coming|upcoming)';
const on = '(?:on )?';
const at = '(?:at )?';
const of = '(?: of| in|)';

export const english: Grammar = {
  isGerman: false,
  weekdays: [
    'monday|mon\\.?',
    'tuesday|tues?\\.?',
    'wednesday|weds?\\.?',
    'thursday|thur?s?\\.?',
    'friday|fri\\.?',
    'saturday|sat\\.?',
    'sunday|sun\\.?',
  ],
  months: [
    'january|jan\\.?',
    'february|feb\\.?',
    'march|mar\\.?',
    'april|apr\\.?',
    'may',
    'june|jun\\.?',
    'july|jul\\.?',
    'august|aug\\.?',
    'september|sept?\\.?',
    'october|oct\\.?',
    'november|nov\\.?',
    'december|dec\\.?',
  ],
  units: {
    second: 'seconds?|secs?',
    minute: 'minutes?|mins?',
    hour: 'hours?|hrs?',
    day: 'days?',
    week: 'weeks?|wks?',
    month: 'months?',
    quarter: 'quarters?',
    year: 'years?|yrs?',
  },
  periods: { week: 'week', month: 'month', quarter: 'quarter', year: 'year' },
  numbers: cardinals(),
  ordinals: ordinals(),
  dayDigits: '[0-3]?[0-9](?:st|nd|rd|th)?',
  now: 'now|right now',
  relativeDays: {
    'today|this day': 0,
    yesterday: -1,
    'tomorrow|tmrw|tomorow|tommorow': 1,
    '(?:the )?day before yesterday': -2,
    '(?:the )?day after tomorrow': 2,
    '(?:a week ago today|this day last week)': -7,
    '(?:a week today|a week from today|today week|this day next week)': 7,
    '(?:a week tomorrow|a week from tomorrow|tomorrow week)': 8,
    'a week ago yesterday': -8,
    '(?:a|one) fortnight ago': -14,
    "in (?:a|one) fortnight(?:'s time)?|(?:a|one) fortnight from (?:now|today)|a fortnight today": 14,
  },
  minutes: {
    'half an hour|a half hour|half hour': 30,
    '(?:a |one )?quarter of an hour|a quarter hour': 15,
    'three quarters of an hour': 45,
    '(?:an|one|1) hour and a half|one and a half hours|1[.]5 hours': 90,
  },
  holidays: {
    "new year'?s eve": [12, 31],
    "new year'?s day|new year'?s|new year": [1, 1],
    'christmas eve': [12, 24],
    'christmas day|christmas|xmas': [12, 25],
    'boxing day': [12, 26],
    "valentine'?s day": [2, 14],
    halloween: [10, 31],
  },
  days: {
    weekday: [`${on}<weekday>`],
    lastWeekday: [`${on}(?:the |this )?${last} <weekday>`, `${on}<weekday> (?:last|just gone)`],
    thisWeekday: [`${on}this <weekday>`],
    nextWeekday: [`${on}next <weekday>`],
    comingWeekday: [`${on}${coming} <weekday>`],
    weekdayLastWeek: [`${on}(?:the )?<weekday>${of} last week`, `last week(?: on)? <weekday>`],
    weekdayThisWeek: [`${on}(?:the )?<weekday>${of} this week`, `this week(?: on)? <weekday>`],
    weekdayNextWeek: [`${on}(?:the )?<weekday>${of} next week`, `next week(?: on)? <weekday>`],
    weekdayAndWeek: [`${on}<weekday> week`, `a week (?:on|from) <weekday>`, `a week from next <weekday>`],
    weekdayAndDate: [`${on}<weekday>(?: the)? (?<rest>.+)`],
    beforeLastPeriod: [`(?:the )?<period> before last`],
    lastPeriod: [`(?:in |during )?(?:the )?${last} <period>`],
    thisPeriod: [`(?:in |during )?(?:this|the current) <period>`],
    nextPeriod: [`(?:in |during )?(?:the )?(?:next|coming) <period>`],
    afterNextPeriod: [`(?:in )?(?:the )?<period> after next`],
    lastWeekend: [`(?:on |over |at )?(?:the )?${last} weekend`],
    thisWeekend: ['(?:on |over |at )?(?:this|this coming|the|the coming) weekend'],
    nextWeekend: ['(?:on |over |at )?next weekend'],
    year: ['(?:in |the year |in the year )?<year>'],
    month: ['(?:in |during )?(?:the month of )?<month>'],
    monthYear: [`(?:in |during )?<month>${of} <year>`],
    lastMonthName: [`(?:in )?last <month>`],
    nextMonthName: [`(?:in )?next <month>`],
    monthLastYear: [`(?:in )?<month>${of} last year`],
    monthThisYear: [`(?:in )?<month>${of} this year`, '(?:in )?this <month>'],
    monthNextYear: [`(?:in )?<month>${of} next year`],
    date: [
      `${on}(?:the )?<day>(?: day)?(?: of)? <month>(?:(?: of| in)? <year>)?`,
      `${on}<day>-<month>-<year>`,
      `${on}<month>(?: the)? <day>(?:(?: of| in)? <year>)?`,
    ],
    dayOfMonth: [`${on}the (?<day>[0-3]?[0-9](?:st|nd|rd|th)|<nth>)`, `${on}(?<day>[0-3]?[0-9](?:st|nd|rd|th))`],
    dayLastMonth: [`${on}(?:the )?<day>(?: day)? (?:of )?last month`],
    dayThisMonth: [`${on}(?:the )?<day>(?: day)? (?:of )?(?:this|the) month`],
    dayNextMonth: [`${on}(?:the )?<day>(?: day)? (?:of )?next month`],
    nthWeekday: [`${on}(?:the )?<nth> <weekday> (?:of|in) <month>(?: <year>)?`],
    lastWeekdayOf: [`${on}(?:the )?last <weekday> (?:of|in) <month>(?: <year>)?`],
    endLastPeriod: [`(?:at |by )?(?:the )?(?:end|last day) of last <period>`],
    endThisPeriod: [
      `(?:at |by )?(?:the )?(?:end|last day) of (?:the |this )?<period>`,
      `(?:at )?(?:the )?<period>(?:'s |-| )end`,
    ],
    endNextPeriod: [`(?:at |by )?(?:the )?(?:end|last day) of next <period>`],
    endYear: ['(?:at |by )?(?:the )?(?:end|last day) of <year>'],
    endMonth: [`(?:at |by )?(?:the )?(?:end|last day) of <month>(?: <year>)?`],
  },
  ago: ['<duration> ago'],
  ahead: ['in (?!an? (?:second|sec|minute|min)$)<duration>', "in <duration>'?s? time", '<duration> from (?:now|today)'],
  and: '(?: and|)',
  clock: {
    hour: [`${at}<h> ?o'?clock`, 'at <h>'],
    bareHour: ['<h>'],
    digital: [`${at}<h>[:.]<mm>(?:[:.]<ss>)?(?: ?h(?:ours|rs)?)?`],
    halfPast: [`${at}half past <h>`, `${at}half <h>`],
    quarterPast: [`${at}(?:a )?quarter (?:past|after) <h>`],
    quarterTo: [`${at}(?:a )?quarter (?:to|of|before|till) <h>`],
    minutesPast: [
      `${at}<m>(?: minutes?)? (?:past|after) <h>`,
      `${at}(?<h>one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve) (?<m>ten|fifteen|twenty|twenty[- ]five|thirty|thirty[- ]five|forty|forty[- ]five|fifty|fifty[- ]five)`,
    ],
    minutesTo: [`${at}<m>(?: minutes?)? (?:to|before|till) <h>`],
    noon: [`${at}(?:noon|midday|12 noon|twelve noon)`],
    midnight: [`${at}(?:midnight|12 midnight)`],
  },
  parts: {
    am: 'am|a[.]m[.]?',
    pm: 'pm|p[.]m[.]?',
    'small-hours': 'in the small hours',
    morning: '(?:in the |during the )?morning|(?:on )?the morning of',
    afternoon: '(?:in the |during the )?afternoon|(?:on )?the afternoon of',
    evening: '(?:in the |during the )?evening|(?:on )?the evening of',
    night: '(?:at )?night',
  },
  hours: { morning: [6, 12], afternoon: [12, 18], evening: [18, 24], night: [18, 24] },
  partsOfDays: {
    'this morning': [0, 'morning'],
    'this afternoon': [0, 'afternoon'],
    'this evening': [0, 'evening'],
    'tonight|tonite': [0, 'night'],
    'last night': [-1, 'night'],
    'last evening': [-1, 'evening'],
  },
  nextIsNextWeek: true,
  countsTwelve: true,
};
