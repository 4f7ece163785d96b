import type { RunCounts } from '../dataset/manifest.ts';
import type { Reject } from '../interaction/page.ts';
import { compareTurns, type Turn } from '../turn/turn.ts';
import type { ExtractedInteraction, ExtractedPage } from './answer.ts';
import type { Run } from './run.ts';

/** All that a run's answers hold: the turns that are new to the dataset, in the contract's order, and what was left out. */
export interface Gathered {
  readonly turns: readonly Turn[];
  readonly rejects: readonly Reject[];
  readonly counts: Omit<RunCounts, 'kept' | 'removed' | 'erased' | 'unknownWords'>;
}

const mostSenders = 10;

/** @param isTaken whether turns of this interaction stand in the dataset already */
export function gather(pages: readonly ExtractedPage[], run: Run, isTaken: (id: string) => boolean): Gathered {
  const { interactions, rejects } = latestRecords(pages);
  const { identity, ratingHorizonMs } = run.parameters;
  const horizon = Date.parse(run.window.upper) - ratingHorizonMs;
  const counts = { alreadyTaken: 0, belowRating: 0, unrated: 0, neverRated: 0, otherBots: 0, withoutTurns: 0 };
  const senders = new Set<string>();
  const turns: Turn[] = [];

  for (const interaction of interactions) {
    const { id: interactionId, timestamp, botId, rating } = interaction;
    if (isTaken(interactionId)) counts.alreadyTaken++;
    else if (identity.bots !== null && !identity.bots.includes(botId)) counts.otherBots++;
    else if (rating === null) counts[Date.parse(timestamp) > horizon ? 'unrated' : 'neverRated']++;
    else if (rating < identity.minRating) counts.belowRating++;
    else {
      if (interaction.turns.length === 0) counts.withoutTurns++;
      for (const sender of interaction.senders ?? []) if (senders.size < mostSenders) senders.add(sender);
      interaction.turns.forEach(([userUtterance, botResponse], position) => {
        turns.push({ interactionId, timestamp, botId, rating, position, userUtterance, botResponse });
      });
    }
  }
  turns.sort(compareTurns);
  return {
    turns,
    rejects,
    counts: {
      ...counts,
      interactions: interactions.length,
      turns: turns.length,
      rejects: rejects.length,
      sendersMet: [...senders].sort(),
    },
  };
}

/** Of several answers that hold the same id, the one asked for last counts. */
function latestRecords(pages: readonly ExtractedPage[]): { interactions: ExtractedInteraction[]; rejects: Reject[] } {
  const inOrder = [...pages].sort(
    (a, b) => a.sentAt - b.sentAt || a.pass - b.pass || a.attempt - b.attempt || a.page - b.page,
  );
  const latest = new Map<string, { interaction: ExtractedInteraction } | { reject: Reject }>();
  for (const page of inOrder) {
    for (const interaction of page.interactions) latest.set(interaction.id, { interaction });
    for (const reject of page.rejects) latest.set(reject.key, { reject });
  }
  const records = [...latest.values()];
  return {
    interactions: records.flatMap(record => ('interaction' in record ? [record.interaction] : [])),
    rejects: records.flatMap(record => ('reject' in record ? [record.reject] : [])),
  };
}
