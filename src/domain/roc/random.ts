/**
 * Numbers from 0 up to 1 that follow from a seed and a name: sfc32 (C. Doty-Humphrey, PractRand), its state filled by a
 * hash of both. The same seed and name give the same numbers everywhere.
 */
export function randomOf(seed: number, name: string): () => number {
  let [a, b, c, counter] = [seed >>> 0, fnv(name, 0x811c9dc5), fnv(name, seed >>> 0), 1];
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < 15; i++) next();
  return next;
}

/** FNV-1a over the UTF-16 units. */
function fnv(text: string, basis: number): number {
  let hash = basis;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}
