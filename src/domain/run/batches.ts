/** A batch is a second or two of work: enough to be worth a job, little to lose. */
const mostTexts = 512;
const mostCharacters = 40_000;

/**
 * Distinct texts cut into batches of similar length, which embed fastest; texts that differ in case only, and so may
 * have the same tokens, come next to each other. The same texts always make the same batches.
 */
export function makeBatches(texts: readonly string[]): string[][] {
  const keyed = texts.map(text => ({ text, folded: text.toLowerCase() }));
  keyed.sort((a, b) => a.folded.length - b.folded.length || compare(a.folded, b.folded) || compare(a.text, b.text));
  const batches: string[][] = [];
  let batch: string[] = [];
  let characters = 0;
  for (const { text } of keyed) {
    if (batch.length > 0 && (batch.length === mostTexts || characters + text.length > mostCharacters)) {
      batches.push(batch);
      batch = [];
      characters = 0;
    }
    batch.push(text);
    characters += text.length;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
