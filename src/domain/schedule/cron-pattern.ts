/** A cron pattern of five fields that cannot be read. Its message continues "--cron …: ". */
export class BadCronPattern extends Error {
  override readonly name = 'BadCronPattern';
}

/** A cron pattern, read. */
export interface CronPattern {
  /** Ascending. */
  readonly minutes: readonly number[];
  /** Ascending. */
  readonly hours: readonly number[];
  /** Whether it names the hour at all. */
  readonly isHourly: boolean;
  /** 1 to 12. */
  readonly months: ReadonlySet<number>;
  readonly monthDays: MonthDays;
  readonly weekDays: WeekDays;
}

interface MonthDays {
  readonly isEvery: boolean;
  readonly days: ReadonlySet<number>;
  /** The last day of each month. */
  readonly isLast: boolean;
}

interface WeekDays {
  readonly isEvery: boolean;
  /** 0 to 6, from Sunday on. */
  readonly days: ReadonlySet<number>;
  /** `5#2`: the second Friday of each month. */
  readonly nth: readonly { readonly day: number; readonly nth: number }[];
  /** `5L`: the last Friday of each month. */
  readonly last: ReadonlySet<number>;
}

interface Field {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  /** Names of the values, from `least` on. */
  readonly names?: readonly string[];
}

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const dayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const minute: Field = { name: 'minute', least: 0, most: 59 };
const hour: Field = { name: 'hour', least: 0, most: 23 };
const monthDay: Field = { name: 'day of month', least: 1, most: 31 };
const month: Field = { name: 'month', least: 1, most: 12, names: monthNames };
/** 7 is Sunday too. */
const weekDay: Field = { name: 'day of week', least: 0, most: 7, names: dayNames };

/**
 * Reads `minute hour day-of-month month day-of-week`: numbers, names, `*`, `?`, lists, ranges and steps; `L` for the last
 * day of a month, `5L` for its last Friday, `5#2` for its second.
 * @throws BadCronPattern
 */
export function readCronPattern(text: string): CronPattern {
  const fields = text.trim().split(/\s+/);
  const [minutes, hours, days, months, weekDays] = fields;
  if (
    minutes === undefined ||
    hours === undefined ||
    days === undefined ||
    months === undefined ||
    weekDays === undefined ||
    fields.length !== 5
  )
    throw new BadCronPattern('not a valid cron pattern');
  const everyHour = valuesOf(hour, hours);
  const pattern: CronPattern = {
    minutes: [...valuesOf(minute, minutes)].sort((one, other) => one - other),
    hours: [...everyHour].sort((one, other) => one - other),
    isHourly: everyHour.size === 24,
    months: valuesOf(month, months),
    monthDays: readMonthDays(days),
    weekDays: readWeekDays(weekDays),
  };
  if (!canMatch(pattern)) throw new BadCronPattern('it never matches a date');
  return pattern;
}

/** 30 February never comes. */
function canMatch({ months, monthDays, weekDays }: CronPattern): boolean {
  if (monthDays.isLast || !weekDays.isEvery) return true;
  const longest = Math.max(...[...months].map(each => new Date(Date.UTC(2000, each, 0)).getUTCDate()));
  return Math.min(...monthDays.days) <= longest;
}

/** As in every cron, `1-31` is a restriction, and `*` is none. */
function isStar(text: string): boolean {
  return text === '*' || text === '?';
}

function readMonthDays(text: string): MonthDays {
  const parts = text.split(',');
  const plain = parts.filter(part => part.toUpperCase() !== 'L');
  const days = plain.length === 0 ? new Set<number>() : valuesOf(monthDay, plain.join(','));
  return { isEvery: isStar(text), days, isLast: plain.length < parts.length };
}

function readWeekDays(text: string): WeekDays {
  const days = new Set<number>();
  const last = new Set<number>();
  const nth: { day: number; nth: number }[] = [];
  for (const part of text.split(',')) {
    const [, numbered, which] = /^([^#]+)#(\d+)$/.exec(part) ?? [];
    const [, lastDay] = /^(\w+)L$/i.exec(part) ?? [];
    if (numbered !== undefined) nth.push({ day: numberOf(weekDay, numbered) % 7, nth: nthOf(which, part) });
    else if (lastDay !== undefined) last.add(numberOf(weekDay, lastDay) % 7);
    else for (const value of valuesOf(weekDay, part)) days.add(value % 7);
  }
  return { isEvery: isStar(text), days, nth, last };
}

function nthOf(text: string | undefined, part: string): number {
  const nth = Number(text);
  if (nth >= 1 && nth <= 5) return nth;
  throw new BadCronPattern(`"${part}" is outside of the range 1-5 of weeks in a month`);
}

function valuesOf(field: Field, text: string): Set<number> {
  const values = new Set<number>();
  for (const part of text.split(',')) {
    const [range = '', step, ...rest] = part.split('/');
    const every = step === undefined ? 1 : stepOf(field, step);
    if (rest.length > 0) throw invalid(field, part);
    const [from, to] = boundsOf(field, range, step !== undefined);
    for (let value = from; value <= to; value += every) values.add(value);
  }
  return values;
}

/** @param isStepped `5/10` goes on to the end, as `5-59/10` does */
function boundsOf(field: Field, range: string, isStepped: boolean): readonly [number, number] {
  // Sunday is counted once.
  const end = field === weekDay ? 6 : field.most;
  if (range === '*' || range === '?') return [field.least, end];
  const [first = '', second, ...rest] = range.split('-');
  if (rest.length > 0) throw invalid(field, range);
  const from = numberOf(field, first);
  const to = second === undefined ? (isStepped ? end : from) : numberOf(field, second);
  if (to < from && !(field === weekDay && to === 0)) throw new BadCronPattern(`"${range}" ends before it begins`);
  return [from, to < from ? 7 : to];
}

function stepOf(field: Field, text: string): number {
  if (/^\d{1,2}$/.test(text) && Number(text) > 0 && Number(text) <= field.most + 1 - field.least) return Number(text);
  throw invalid(field, `/${text}`);
}

function numberOf(field: Field, text: string): number {
  const named = field.names?.indexOf(text.toLowerCase()) ?? -1;
  if (named >= 0) return field.least + named;
  if (!/^\d{1,2}$/.test(text)) throw invalid(field, text);
  const value = Number(text);
  if (value >= field.least && value <= field.most) return value;
  throw new BadCronPattern(`${text} is outside of the range ${field.least}-${field.most} of the ${field.name}`);
}

function invalid({ name }: Field, part: string): BadCronPattern {
  return new BadCronPattern(`${JSON.stringify(part)} is not a valid ${name}`);
}
