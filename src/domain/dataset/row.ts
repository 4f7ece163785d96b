import { z } from 'zod';
import type { Turn } from '../turn/turn.ts';

/** A kept row as it is stored: the first six columns of the export, as a JSON array. */
export const keptRow = z.tuple([z.string(), z.string(), z.string(), z.number(), z.string(), z.string()]);
export type KeptRow = z.infer<typeof keptRow>;

/** A removed row: the same six, then its cosine with the kept row that it duplicates, and that row's number. */
export const removedRow = z.tuple([
  z.string(),
  z.string(),
  z.string(),
  z.number(),
  z.string(),
  z.string(),
  z.number(),
  z.number().int(),
] as const);
export type RemovedRow = z.infer<typeof removedRow>;

export const columns = [
  'interaction_id',
  'timestamp',
  'bot_id',
  'rating',
  'user_utterance',
  'bot_response',
  'similarity_score',
  'dedup_group',
] as const;

export function keptRowOf(turn: Turn): KeptRow {
  return [turn.interactionId, turn.timestamp, turn.botId, turn.rating, turn.userUtterance, turn.botResponse];
}

/** The export's row of a kept turn: it is its own group. */
export function keptRecord(row: KeptRow, group: number): string[] {
  return [...row.map(String), '1.0', String(group)];
}

/** The export's row of a removed turn. */
export function removedRecord(row: RemovedRow): string[] {
  const [id, timestamp, bot, rating, user, response, cosine, group] = row;
  return [id, timestamp, bot, String(rating), user, response, cosine.toFixed(4), String(group)];
}
