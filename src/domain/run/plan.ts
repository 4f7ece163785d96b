import { z } from 'zod';
import { runCounts } from '../dataset/manifest.ts';
import type { Turn } from '../turn/turn.ts';

/** A file of a plan, named by its content's hash, and how many entries it has. */
const plannedFile = z.strictObject({ name: z.string(), count: z.number().int().nonnegative() });

/**
 * The turns that a run decides, and the texts that have no vector yet: made once, so that every try works on the same.
 */
export const plan = z.strictObject({
  /** The turns to be decided, in the contract's order. */
  turns: plannedFile,
  /** The rejected records, for review by people. */
  rejects: plannedFile,
  /** The distinct texts without a vector: those of a page whose vectors were lost. Entry n is batch n. */
  batches: z.array(plannedFile),
  counts: runCounts.omit({ kept: true, removed: true, unknownWords: true }),
});
export type Plan = z.infer<typeof plan>;
export type PlannedFile = z.infer<typeof plannedFile>;

/** A turn of a plan, as a line of its file. */
export const plannedTurn = z.tuple([
  z.string(),
  z.string(),
  z.string(),
  z.number(),
  z.number().int(),
  z.string(),
  z.string(),
] as const);
export type PlannedTurn = z.infer<typeof plannedTurn>;

export function plannedTurnOf(turn: Turn): PlannedTurn {
  const { interactionId, timestamp, botId, rating, position, userUtterance, botResponse } = turn;
  return [interactionId, timestamp, botId, rating, position, userUtterance, botResponse];
}

export function turnOf([
  interactionId,
  timestamp,
  botId,
  rating,
  position,
  userUtterance,
  botResponse,
]: PlannedTurn): Turn {
  return { interactionId, timestamp, botId, rating, position, userUtterance, botResponse };
}

/** Share of a run's records that may be no interactions, above which the platform's schema has changed. */
export const mostRejects = 0.05;

export function hasTooManyRejects(rejects: number, interactions: number): boolean {
  return rejects > mostRejects * (rejects + interactions);
}
