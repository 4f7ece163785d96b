import { z } from 'zod';
import type { Thresholds } from './thresholds.ts';

const named = { intentId: z.string(), name: z.string() };

/** What a push would change against the one before it. */
export const difference = z.object({
  /** The push that it is compared with; `null` where nothing was ever pushed. */
  since: z.object({ version: z.number().int(), at: z.string() }).nullable(),
  global: z.object({ before: z.number().nullable(), after: z.number() }),
  added: z.array(z.object({ ...named, after: z.number() })),
  removed: z.array(z.object({ ...named, before: z.number() })),
  changed: z.array(z.object({ ...named, before: z.number(), after: z.number() })),
  /** Sent along as they were, and why. */
  carried: z.array(z.object({ ...named, threshold: z.number(), reason: z.string() })),
  /** New values that equal the ones before. */
  unchanged: z.number().int(),
});
export type Difference = z.infer<typeof difference>;

/** The previous push: its version, when it was requested, and its thresholds. */
export interface Live {
  readonly version: number;
  readonly at: string;
  readonly thresholds: Thresholds;
}

export function differenceTo(live: Live | null, next: Thresholds): Difference {
  const before = new Map(live?.thresholds.intents.map(each => [each.intentId, each.threshold]));
  const after = new Set(next.intents.map(each => each.intentId));
  const fresh = next.intents.filter(each => each.carried === undefined);
  const result: Difference = {
    since: live === null ? null : { version: live.version, at: live.at },
    global: { before: live?.thresholds.global ?? null, after: next.global },
    added: [],
    removed: (live?.thresholds.intents ?? [])
      .filter(each => !after.has(each.intentId))
      .map(({ intentId, name, threshold }) => ({ intentId, name, before: threshold })),
    changed: [],
    carried: next.intents.flatMap(({ intentId, name, threshold, carried }) =>
      carried === undefined ? [] : [{ intentId, name, threshold, reason: carried }],
    ),
    unchanged: 0,
  };
  for (const { intentId, name, threshold } of fresh) {
    const was = before.get(intentId);
    if (was === undefined) result.added.push({ intentId, name, after: threshold });
    else if (was === threshold) result.unchanged += 1;
    else result.changed.push({ intentId, name, before: was, after: threshold });
  }
  return result;
}

/** One threshold that moves; `what` is an intent's id or name, or the global threshold. */
export interface Move {
  readonly what: string;
  readonly before: number;
  readonly after: number;
}

/**
 * The thresholds in force that would move by more than `maxChange`, the farthest first. What is added had the global
 * threshold before; what is removed is not an intent any more. Nothing moves with the first push.
 */
export function movesBeyond(maxChange: number, { global, added, changed }: Difference): Move[] {
  if (global.before === null) return [];
  const was = global.before;
  const moves: Move[] = [
    { what: 'the global threshold', before: was, after: global.after },
    ...changed.map(({ name, before, after }) => ({ what: name, before, after })),
    ...added.map(({ name, after }) => ({ what: name, before: was, after })),
  ];
  return moves.filter(move => distance(move) > maxChange).sort((a, b) => distance(b) - distance(a));
}

/** Thresholds have 3 decimals: so has their distance, whatever binary fractions make of it. */
export function distance({ before, after }: Pick<Move, 'before' | 'after'>): number {
  return Math.round(Math.abs(after - before) * 1000) / 1000;
}
