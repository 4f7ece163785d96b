import type { ArrivalSource } from '../interactions/arrivals.ts';
import { type StoredRecord, storedInteraction } from '../interactions/record.ts';
import { liveId } from '../interactions/sources.ts';
import { Random } from '../kernel/random.ts';
import { internet } from './bots/internet.ts';
import { compose } from './compose.ts';

const interactions = 3_000;
const days = 60;
const minute = 60_000;
const day = 24 * 60 * minute;

/** Conversations of one instant: the chat gateway was down, and what it had queued was logged at once. More than a page of 200. */
const burst = { size: 230, daysAgo: 17 };

/** How busy each hour of a day is, from midnight UTC. */
const hours = [2, 1, 1, 1, 1, 2, 4, 8, 14, 18, 20, 19, 16, 15, 17, 18, 17, 15, 13, 12, 10, 8, 5, 3];

/**
 * The corpus that is invented for the sandbox: five bots, the 60 days before `start` (milliseconds since the epoch).
 * The texts and ids are the same with every start, the times move along.
 */
export function builtInCorpus(start: number): StoredRecord[] {
  const burstAt = start - burst.daysAgo * day - 3 * minute;
  const others = instantsBefore(start, interactions - burst.size);
  return [
    ...Array.from({ length: burst.size }, (_, n) => compose(n, burstAt, { bot: internet })),
    ...others.map((at, index) => compose(burst.size + index, at)),
  ].map(storedInteraction);
}

/** Conversations that are not in the corpus, one after the other without end. */
export function composedSource(seed: number): ArrivalSource {
  let drawn = 0;
  return at => {
    drawn += 1;
    return storedInteraction(compose(interactions + drawn, at, { id: liveId(seed, at, drawn) }));
  };
}

/** When each conversation began: the first few within the last half hour, the others by the hours and days of a contact centre. */
function instantsBefore(start: number, count: number): number[] {
  const random = new Random('built-in', 'times');
  const instants: number[] = [];
  while (instants.length < count) {
    const recent = start - (3 + 5 * instants.length) * minute - random.below(minute);
    const at = instants.length < 6 ? recent : instantBefore(start, random);
    instants.push(at);
    // Some begin in the same millisecond: two, now and then three.
    while (instants.length < count && random.chance(0.02)) instants.push(at);
  }
  return instants;
}

function instantBefore(start: number, random: Random): number {
  const midnight = Math.floor(start / day) * day;
  const hour = random.weighted(hours.map((weight, value) => ({ weight, value })));
  const at = midnight - dayOf(midnight, random) * day + hour * 60 * minute + random.below(60 * minute);
  // What would lie after the start, or too long before it, goes where there is room.
  if (at > start - 3 * minute) return at - day;
  return at < start - days * day ? at + day : at;
}

/** Days back, with fewer conversations at weekends. */
function dayOf(midnight: number, random: Random): number {
  const back = random.below(days);
  const weekday = new Date(midnight - back * day).getUTCDay();
  return (weekday === 0 || weekday === 6) && random.chance(0.5) ? random.below(days) : back;
}
