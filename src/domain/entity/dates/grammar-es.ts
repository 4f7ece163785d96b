import type { Grammar } from './grammar.ts';

const cardinalsTo30 =
  'uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve treinta'.split(
    ' ',
  );
const tens = 'treinta cuarenta cincuenta sesenta setenta ochenta noventa'.split(' ');

function cardinals(): Map<string, number> {
  const numbers = new Map<string, number>(cardinalsTo30.map((word, index) => [word, index + 1]));
  for (const [index, ten] of tens.entries()) {
    const value = (index + 3) * 10;
    numbers.set(ten, value);
    for (const [one, word] of cardinalsTo30.slice(0, 9).entries()) numbers.set(`${ten} y ${word}`, value + one + 1);
    for (const one of ['un', 'una']) numbers.set(`${ten} y ${one}`, value + 1);
  }
  return numbers.set('un', 1).set('una', 1).set('veintiún', 21).set('veintiuna', 21);
}

/** Days of the month are counted with cardinals, the first alone has an ordinal; weekdays of a month have ordinals. */
function ordinals(): Map<string, number> {
  const numbers = new Map<string, number>(cardinalsTo30.map((word, index) => [word, index + 1]));
  numbers.set('treinta y uno', 31).set('un', 1);
  const nths = [
    ['primero', 'primer', 'primera'],
    ['segundo', 'segunda'],
    ['tercero', 'tercer', 'tercera'],
    ['cuarto'],
    ['quinto'],
  ];
  for (const [index, spellings] of nths.entries()) for (const word of spellings) numbers.set(word, index + 1);
  return numbers;
}

const last = '(?:pasad[oa]|últim[oa])';
const next = 'próxim[oa]';
const current = 'est[ea]';
const on = '(?:el |en el |del )?';
const the = '(?:el |la |en el |en la |durante el |durante la )?';
const at = '(?:a las? |las? |de las? )';
const ofYear = '(?:,? (?:del? |del año )?<year>)?';

export const spanish: Grammar = {
  isGerman: false,
  weekdays: [
    'lunes|lun\\.?',
    'martes|mar\\.',
    'miércoles|mié\\.?',
    'jueves|jue\\.?',
    'viernes|vie\\.?',
    'sábado|sáb\\.?',
    'domingo|dom\\.?',
  ],
  months: [
    'enero|ene\\.?',
    'febrero|feb\\.?',
    'marzo|mar\\.?',
    'abril|abr\\.?',
    'mayo',
    'junio|jun\\.?',
    'julio|jul\\.?',
    'agosto|ago\\.?',
    'septiembre|setiembre|sept?\\.?',
    'octubre|oct\\.?',
    'noviembre|nov\\.?',
    'diciembre|dic\\.?',
  ],
  units: {
    second: 'segundos?',
    minute: 'minutos?|min\\.?',
    hour: 'horas?',
    day: 'días?',
    week: 'semanas?',
    month: 'mes(?:es)?',
    quarter: 'trimestres?',
    year: 'años?',
  },
  periods: { week: 'semana', month: 'mes', quarter: 'trimestre', year: 'año' },
  numbers: cardinals(),
  ordinals: ordinals(),
  dayDigits: '[0-3]?[0-9](?:º|°|ª|\\.º|ro|er)?',
  now: 'ahora|ahora mismo',
  relativeDays: {
    'hoy|el día de hoy': 0,
    'ayer|el día de ayer': -1,
    'mañana|el día de mañana': 1,
    'anteayer|antier|antes de ayer|antesdeayer': -2,
    'trasanteayer|anteanteayer': -3,
    'pasado mañana': 2,
    'hoy hace una semana|hace una semana hoy': -7,
    'de hoy en ocho|de hoy en una semana': 7,
  },
  minutes: {
    'media hora': 30,
    '(?:un )?cuarto de hora': 15,
    'tres cuartos de hora': 45,
    '(?:una |1 )?hora y media': 90,
    'dos horas y media': 150,
  },
  holidays: {
    'nochevieja|noche vieja|(?:el )?día de nochevieja|san silvestre': [12, 31],
    'año nuevo|(?:el )?día de año nuevo': [1, 1],
    '(?:día de )?reyes|(?:el )?día de reyes': [1, 6],
    'nochebuena|noche buena': [12, 24],
    '(?:el día de )?navidad|(?:en )?navidad': [12, 25],
  },
  days: {
    weekday: [`${on}<weekday>`],
    lastWeekday: [`${on}<weekday> ${last}`, `${on}${last} <weekday>`],
    thisWeekday: [`(?:en )?este <weekday>`],
    nextWeekday: [`${on}(?:próximo) <weekday>`, `${on}<weekday> próximo`],
    comingWeekday: [`${on}<weekday> que viene`, `este próximo <weekday>`, `este <weekday> que viene`],
    weekdayLastWeek: [`${on}<weekday> de la (?:semana ${last}|${last} semana)`, `la semana pasada(?: el)? <weekday>`],
    weekdayThisWeek: [`${on}<weekday> de esta semana`, `esta semana(?: el)? <weekday>`],
    weekdayNextWeek: [
      `${on}<weekday> de la (?:semana que viene|semana ${next}|${next} semana)`,
      `la (?:semana que viene|próxima semana)(?: el)? <weekday>`,
    ],
    weekdayAndWeek: [`${on}<weekday> en ocho`],
    weekdayAndDay: [`${on}<weekday>(?: día)? (?<day>[0-3]?[0-9])`],
    weekdayAndDate: [`${on}<weekday>(?: día)? (?<rest>.+)`],
    beforeLastPeriod: [`${the}<period> antepasad[oa]`, `${the}antepasad[oa] <period>`],
    lastPeriod: [`${the}<period> ${last}`, `${the}${last} <period>`],
    thisPeriod: [`(?:en |durante )?${current} <period>`],
    nextPeriod: [`${the}<period> (?:que viene|${next})`, `${the}${next} <period>`],
    afterNextPeriod: [],
    lastWeekend: [`${on}fin de semana ${last}`, `${on}${last} fin de semana`],
    thisWeekend: ['(?:este|el|en el) (?:fin de semana|finde)', '(?:el |este )fin de semana que viene'],
    nextWeekend: [`${on}${next} fin de semana`, `${on}fin de semana ${next}`],
    year: ['(?:en |en el año |el año |año )?<year>'],
    month: ['(?:en |en el mes de |el mes de )?<month>'],
    monthYear: ['(?:en |en el mes de |el mes de )?<month>(?: del?| del año)? <year>'],
    lastMonthName: [`(?:en |el )?<month> ${last}`, `(?:en )?(?:el )?${last} <month>`],
    nextMonthName: [`(?:en |el )?<month> (?:que viene|${next})`, `(?:en )?(?:el )?${next} <month>`],
    monthLastYear: [`(?:en )?<month> del (?:año ${last}|${last} año)`],
    monthThisYear: [`(?:en )?<month> de este año`, '(?:en )?este <month>'],
    monthNextYear: [`(?:en )?<month> del (?:año que viene|año ${next}|${next} año)`],
    date: [`${on}(?:día )?<day> (?:de )?<month>${ofYear}`, `${on}<day>-<month>-<year>`],
    dayOfMonth: [`(?:el |en el )?día <day>`, `el (?<day>[0-3]?[0-9])`],
    dayLastMonth: [`${on}(?:día )?<day> del (?:mes ${last}|${last} mes)`],
    dayThisMonth: [`${on}(?:día )?<day> de este mes`, `${on}(?:día )?<day> del mes`],
    dayNextMonth: [`${on}(?:día )?<day> del (?:mes que viene|mes ${next}|${next} mes)`],
    nthWeekday: [`${on}(?<nth>primer|segundo|tercer|cuarto|quinto) <weekday> de <month>${ofYear}`],
    lastWeekdayOf: [`${on}último <weekday> de <month>${ofYear}`],
    endLastPeriod: [`(?:a |al )?(?:el )?(?:final(?:es)?|fin(?:es)?|último día) del? (?:la )?<period> ${last}`],
    endThisPeriod: [
      `(?:a |al |el )?(?:final(?:es)?|fin(?:es)?|último día) del? (?:${current} )?(?<period>año|mes|trimestre)`,
      '(?:a |al )?(?:final(?:es)?|último día) de (?:la |esta )(?<period>semana)',
    ],
    endNextPeriod: [
      `(?:a |al )?(?:el )?(?:final(?:es)?|fin(?:es)?|último día) del? (?:la )?<period> (?:que viene|${next})`,
      `(?:a |al )?(?:final(?:es)?|fin(?:es)?|último día) del? (?:la )?${next} <period>`,
    ],
    endYear: ['(?:a |al )?(?:final(?:es)?|fin(?:es)?) del? (?:año )?<year>'],
    endMonth: [`(?:a |al )?(?:final(?:es)?|fin(?:es)?|el último día|último día) de <month>${ofYear}`],
  },
  ago: ['hace <duration>', '<duration> atrás'],
  ahead: ['dentro de <duration>', 'en <duration>', 'de aquí a <duration>'],
  and: '(?: y|)',
  clock: {
    hour: [`${at}<h>(?: horas?| h\\.?| en punto)?`, '<h> (?:horas|h\\.?|en punto)'],
    bareHour: [],
    digital: [`${at}?<h>[:.]<mm>(?:[:.]<ss>)?(?: ?horas| ?h\\.?)?`],
    halfPast: [`${at}<h> y media`],
    quarterPast: [`${at}<h> y cuarto`],
    quarterTo: [`${at}<h> menos cuarto`],
    minutesPast: [`${at}<h> y <m>(?: minutos)?`],
    minutesTo: [`${at}<h> menos <m>(?: minutos)?`],
    noon: ['(?:al |a |a las doce del |a las 12 del )?mediodía'],
    midnight: ['(?:a )?(?:la )?medianoche|a media noche'],
  },
  parts: {
    am: 'am|a[.] ?m[.]?',
    pm: 'pm|p[.] ?m[.]?',
    'small-hours': '(?:de |por |en )la madrugada|de madrugada',
    morning: '(?:de |por |en )la mañana',
    afternoon: '(?:de |por |en )la tarde',
    night: '(?:de |por |en )la noche',
  },
  hours: { 'small-hours': [0, 6], morning: [6, 12], afternoon: [12, 20], night: [20, 24] },
  partsOfDays: {
    'esta mañana': [0, 'morning'],
    'esta tarde': [0, 'afternoon'],
    'esta noche': [0, 'night'],
    'anoche|ayer noche': [-1, 'night'],
    'hoy de madrugada|esta madrugada': [0, 'small-hours'],
    'ayer tarde': [-1, 'afternoon'],
  },
  nextIsNextWeek: false,
  countsTwelve: false,
};
