import type { Samples } from './samples.ts';
import type { Breath } from './yield-to-event-loop.ts';

/** The scores of one intent's samples, by their label. */
export interface Group {
  readonly intentId: string;
  readonly positives: Float64Array;
  readonly negatives: Float64Array;
}

/**
 * The samples of the intents that `isWanted` names, by intent, in the order in which the intents first came. The scores
 * of a group are in no order, and are its own: they may be sorted in place.
 */
export async function groupByIntent(
  samples: Samples,
  isWanted: (intentId: string) => boolean,
  yieldToEventLoop: Breath,
): Promise<Group[]> {
  const classes = samples.intentIds.length * 2;
  const starts = new Float64Array(classes + 1);
  const wanted = new Uint8Array(classes);
  samples.intentIds.forEach((id, intent) => {
    const keep = isWanted(id) ? 1 : 0;
    for (const label of [0, 1] as const) {
      const at = 2 * intent + label;
      wanted[at] = keep;
      starts[at + 1] = (starts[at] ?? 0) + keep * samples.count(intent, label);
    }
  });

  const scores = new Float64Array(starts[classes] ?? 0);
  const next = Uint32Array.from(starts);
  for (const chunk of samples.chunks()) {
    scatter(chunk.classes, chunk.scores, wanted, next, scores);
    if (yieldToEventLoop.isDueAfter(chunk.scores.length)) await yieldToEventLoop.take();
  }

  const part = (at: number) => scores.subarray(starts[at], starts[at + 1]);
  return samples.intentIds.flatMap((intentId, intent) =>
    wanted[2 * intent] === 1 ? { intentId, positives: part(2 * intent + 1), negatives: part(2 * intent) } : [],
  );
}

function scatter(
  classes: Uint32Array,
  from: Float64Array,
  wanted: Uint8Array,
  next: Uint32Array,
  to: Float64Array,
): void {
  for (let row = 0; row < from.length; row++) {
    const at = classes[row] ?? 0;
    if (wanted[at] === 0) continue;
    const place = next[at] ?? 0;
    to[place] = from[row] ?? 0;
    next[at] = place + 1;
  }
}
