/**
 * Scores are mostly written with few decimals. Then `score = m / 10^d` for an integer m exactly, m ↦ m / 10^d is strictly
 * monotone, and m can be sorted by its digits. 6 decimals take two passes, 9 take three; all other scores are sorted as
 * the numbers that they are.
 */
const scales = [1e6, 1e9] as const;

/** Below this length a comparing sort is faster. */
const fewest = 400;
const digitBits = 11;

/** Sorts scores in ascending order, in place. Keeps its memory for the next call. */
export class ScoreSorter {
  #keys = new Uint32Array(0);
  #other = new Uint32Array(0);
  readonly #counts = new Uint32Array(2 ** digitBits);

  sort(scores: Float64Array): void {
    if (scores.length < fewest || !scales.some(scale => this.#sortScaled(scores, scale))) scores.sort();
  }

  /** Whether all scores are integers in units of `1 / scale`; they are sorted then, and untouched otherwise. */
  #sortScaled(scores: Float64Array, scale: number): boolean {
    if (this.#keys.length < scores.length) {
      this.#keys = new Uint32Array(scores.length);
      this.#other = new Uint32Array(scores.length);
    }
    const highest = toKeys(scores, scale, this.#keys);
    if (highest === undefined) return false;

    const bits = Math.max(1, 32 - Math.clz32(highest));
    const passes = Math.ceil(bits / digitBits);
    const width = Math.ceil(bits / passes);
    let [from, to] = [this.#keys, this.#other];
    for (let pass = 0; pass < passes; pass++) {
      const shift = pass * width;
      placesOf(from, scores.length, shift, width, this.#counts);
      if (pass === passes - 1) moveScores(from, scores, shift, width, this.#counts, scale);
      else moveKeys(from, to, scores.length, shift, width, this.#counts);
      [from, to] = [to, from];
    }
    return true;
  }
}

/** The highest key; `undefined` where a score is not a multiple of `1 / scale`, or not from 0 on. */
function toKeys(scores: Float64Array, scale: number, keys: Uint32Array): number | undefined {
  let highest = 0;
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i] ?? 0;
    const key = (score * scale + 0.5) >>> 0;
    if (key / scale !== score) return undefined;
    keys[i] = key;
    if (key > highest) highest = key;
  }
  return highest;
}

/** Of each value of the digit, the place of its first key. */
function placesOf(keys: Uint32Array, length: number, shift: number, width: number, places: Uint32Array): void {
  const mask = 2 ** width - 1;
  places.fill(0);
  for (let i = 0; i < length; i++) {
    const digit = ((keys[i] ?? 0) >>> shift) & mask;
    places[digit] = (places[digit] ?? 0) + 1;
  }
  let place = 0;
  for (let digit = 0; digit <= mask; digit++) {
    const count = places[digit] ?? 0;
    places[digit] = place;
    place += count;
  }
}

function moveKeys(
  from: Uint32Array,
  to: Uint32Array,
  length: number,
  shift: number,
  width: number,
  places: Uint32Array,
): void {
  const mask = 2 ** width - 1;
  for (let i = 0; i < length; i++) {
    const key = from[i] ?? 0;
    const digit = (key >>> shift) & mask;
    const place = places[digit] ?? 0;
    to[place] = key;
    places[digit] = place + 1;
  }
}

function moveScores(
  from: Uint32Array,
  to: Float64Array,
  shift: number,
  width: number,
  places: Uint32Array,
  scale: number,
): void {
  const mask = 2 ** width - 1;
  for (let i = 0; i < to.length; i++) {
    const key = from[i] ?? 0;
    const digit = (key >>> shift) & mask;
    const place = places[digit] ?? 0;
    to[place] = key / scale;
    places[digit] = place + 1;
  }
}
