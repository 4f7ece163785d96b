export { isTimeZone } from '../entity/time-zone.ts';

/** The name among `known` that is most like `text`; `null` if none is near. */
export function likelyTimeZone(text: string, known: readonly string[]): string | null {
  const wanted = plain(text);
  const city = wanted.split('/').at(-1) ?? wanted;
  if (city.length < 3) return null;
  const scored = known.map(name => {
    const whole = plain(name);
    const own = whole.split('/').at(-1) ?? whole;
    return { name, distance: Math.min(distance(wanted, whole), distance(city, own) + 0.5) };
  });
  const [best] = scored.sort((one, other) => one.distance - other.distance);
  return best !== undefined && best.distance <= 1 + city.length / 4 ? best.name : null;
}

function plain(name: string): string {
  return name
    .slice(0, 60)
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, '_');
}

/** Levenshtein's distance. */
function distance(one: string, other: string): number {
  let before = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let row = 1; row <= one.length; row++) {
    const now = [row];
    for (let column = 1; column <= other.length; column++) {
      const change = one[row - 1] === other[column - 1] ? 0 : 1;
      now.push(Math.min((before[column] ?? 0) + 1, (now[column - 1] ?? 0) + 1, (before[column - 1] ?? 0) + change));
    }
    before = now;
  }
  return before[other.length] ?? 0;
}
