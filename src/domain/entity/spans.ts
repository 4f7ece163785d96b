/** Where an entity's value is said to be in a text. */
export interface Span {
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** UTF-16 offsets, for `text.slice(start, end)`. */
export interface Place {
  readonly start: number;
  readonly end: number;
  /** The value is not at this place: the offsets are the platform's, unchanged. */
  readonly isMismatch: boolean;
}

/**
 * The UTF-16 offsets of an answer's entities. Where one of them does not fit in UTF-16 code units, code points are tried
 * for the whole answer, and are used where more of its entities fit. An entity that fits in neither is a mismatch.
 */
export function placesOf(text: string, spans: readonly Span[]): Place[] {
  const units = spans.map(span => fitting(text, span, span.start, span.end));
  if (units.every(place => place !== null)) return units.map(asPlace(spans));
  const offsets = codePointOffsets(text);
  const points = spans.map(span => fitting(text, span, offsets[span.start], offsets[span.end]));
  const [first, second] = count(points) > count(units) ? [points, units] : [units, points];
  return first.map((place, index) => place ?? second[index] ?? null).map(asPlace(spans));
}

function fitting(text: string, span: Span, start: number | undefined, end: number | undefined): Place | null {
  if (start === undefined || end === undefined || !Number.isInteger(start) || !Number.isInteger(end)) return null;
  if (start < 0 || end <= start || end > text.length) return null;
  return text.slice(start, end) === span.value ? { start, end, isMismatch: false } : null;
}

function asPlace(spans: readonly Span[]) {
  return (place: Place | null, index: number): Place => {
    const span = spans[index];
    return place ?? { start: span?.start ?? 0, end: span?.end ?? 0, isMismatch: true };
  };
}

function count(places: readonly (Place | null)[]): number {
  return places.filter(place => place !== null).length;
}

/** The UTF-16 offset of each code point of a text, and of its end. */
function codePointOffsets(text: string): number[] {
  const offsets = [0];
  for (const point of text) offsets.push((offsets.at(-1) ?? 0) + point.length);
  return offsets;
}
