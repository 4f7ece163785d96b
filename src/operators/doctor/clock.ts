import type { Transport } from '../../platform/transport.ts';
import type { Check } from './check.ts';

/** Offset of the local clock from the platform's (positive: ahead) and its uncertainty, in ms. */
export interface Skew {
  readonly ms: number;
  readonly uncertaintyMs: number;
}

/** `Date` has a resolution of one second: on average the answer is half a second later. */
const halfSecondMs = 500;
const warnMs = 5_000;
const badMs = 60_000;

/** The transport, and the clock offset from the `Date` of its answers. */
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
        if (!Number.isNaN(date)) skews.push(skewOf(answer.sentAt, answeredAt, date));
        return answer;
      },
    },
  };
}

/** @param date of the answer to a request between `askedAt` and `answeredAt` of the local clock; all in ms */
export function skewOf(sentAt: number, answeredAt: number, date: number): Skew {
  return {
    ms: (sentAt + answeredAt) / 2 - (date + halfSecondMs),
    uncertaintyMs: halfSecondMs + (answeredAt - sentAt) / 2,
  };
}

/** With clocks that differ, tokens seem valid for too long and windows end in the future. */
export function clockCheck(service: string, { ms, uncertaintyMs }: Skew): Check {
  const what = `clock against ${service}`;
  const least = Math.max(0, Math.abs(ms) - uncertaintyMs);
  const words = `ours is ${(Math.abs(ms) / 1000).toFixed(1)} s ${ms < 0 ? 'behind' : 'ahead'}`;
  if (least <= warnMs) return { state: 'ok', what, detail: `within ${warnMs / 1000} s` };
  return { state: least > badMs ? 'bad' : 'warn', what, detail: `${words}: set this machine’s clock (NTP)` };
}
