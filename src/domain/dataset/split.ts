/**
 * The side of a split for an interaction: about `share` of all train. It depends only on the id and the seed, so
 * that a dataset that grows keeps every interaction on its side.
 */
export function isTraining(interactionId: string, share: number, seed: number): boolean {
  return drawOf(`${seed}:${interactionId}`) < share;
}

/**
 * A number in [0, 1) that hangs on the text alone: FNV-1a, then the finalizer of MurmurHash3, which spreads texts that
 * differ in their last character.
 */
export function drawOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) {
    hash ^= character.codePointAt(0) ?? 0;
    hash = Math.imul(hash, 0x01000193);
  }
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  hash ^= hash >>> 16;
  return (hash >>> 0) / 2 ** 32;
}
