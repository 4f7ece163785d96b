import type { Transport } from '../../platform/transport.ts';
import type { Check } from './check.ts';

/** By how much our clock is ahead of the platform's, in ms, and how far off that may be. */
export interface Skew {
  readonly ms: number;
  readonly uncertaintyMs: number;
}

/** A `Date` has whole seconds: on average the answer was half a second younger. */
const halfSecondMs = 500;
const warnMs = 5_000;
const badMs = 60_000;

/** The transport, and what its answers' `Date` says of our clock. */
export function watchingClock(transport: Transport): { transport: Transport; skews: Skew[] } {
  const skews: Skew[] = [];
  return {
    skews,
    transport: {
      ...transport,
      async send(request) {
        const answer = await transport.send(request);
        const date = Date.parse(answer.headers.date ?? '');
        const answeredAt = Date.now();
        if (!Number.isNaN(date)) skews.push(skewOf(answer.askedAt, answeredAt, date));
        return answer;
      },
    },
  };
}

/** @param date of an answer, that came between `askedAt` and `answeredAt` by our clock; all in ms */
export function skewOf(askedAt: number, answeredAt: number, date: number): Skew {
  return {
    ms: (askedAt + answeredAt) / 2 - (date + halfSecondMs),
    uncertaintyMs: halfSecondMs + (answeredAt - askedAt) / 2,
  };
}

/** A token that seems to be good for longer than it is, a window that ends in the future: clocks must agree. */
export function clockCheck(service: string, { ms, uncertaintyMs }: Skew): Check {
  const what = `clock against ${service}`;
  const least = Math.max(0, Math.abs(ms) - uncertaintyMs);
  const words = `ours is ${(Math.abs(ms) / 1000).toFixed(1)} s ${ms < 0 ? 'behind' : 'ahead'}`;
  if (least <= warnMs) return { state: 'ok', what, detail: `within ${warnMs / 1000} s` };
  return { state: least > badMs ? 'bad' : 'warn', what, detail: `${words}: set this machine’s clock (NTP)` };
}
