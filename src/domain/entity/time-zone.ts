const formats = new Map<string, Intl.DateTimeFormat>();

/** @throws RangeError for a name that is not an IANA time zone */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    era: 'short',
  });
  formats.set(timeZone, format);
  return format;
}

/** Whether `name` is a time zone of the IANA database, such as `Europe/Berlin` or `UTC`; offsets such as `+02:00` are not. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}

/** The time zone's offset at an instant, in ms east of UTC. */
export function offsetAt(timeZone: string, instant: number): number {
  const whole = Math.floor(instant / 1000) * 1000;
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(whole)
      .map(({ type, value }) => [type, value]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.get(type));
  const year = parts.get('era') === 'BC' ? 1 - part('year') : part('year');
  const local = new Date(0);
  local.setUTCFullYear(year, part('month') - 1, part('day'));
  local.setUTCHours(part('hour'), part('minute'), part('second'));
  return local.getTime() - whole;
}

/** The wall clock's reading at an instant: ms since 1970 as if the zone were UTC. */
export function wallClockAt(timeZone: string, instant: number): number {
  return instant + offsetAt(timeZone, instant);
}

const dayMs = 86_400_000;

/**
 * The instants at which the zone's wall clock reads `local` (ms since 1970 as if the zone were UTC), earliest first: two
 * in the hour that is repeated, else one. In the hour that is skipped it is the instant that the clock would have
 * reached had it not been moved (RFC 5545): 02:30 becomes 03:30.
 */
export function instantsOf(timeZone: string, local: number): readonly [number, ...number[]] {
  const before = offsetAt(timeZone, local - dayMs);
  const after = offsetAt(timeZone, local + dayMs);
  const [first, ...rest] = [...new Set([before, after])]
    .map(offset => local - offset)
    .filter(instant => wallClockAt(timeZone, instant) === local)
    .sort((one, other) => one - other);
  return first === undefined ? [local - before] : [first, ...rest];
}
