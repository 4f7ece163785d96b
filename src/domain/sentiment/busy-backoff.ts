const second = 1000;

const shortestBackoffMs = 5 * second;
/** The longest wait after an answer 503. */
export const longestBackoffMs = 60 * second;

/** For how long a calibration is sent again after answers 503 to its own PUT. */
export const busyLimitMs = 30 * 60 * second;

/**
 * Milliseconds until the PUT is sent again after answers 503: 5 s, doubling to 60 s.
 * @param answers how many 503s there were so far, at least 1
 */
export function busyBackoffMs(answers: number): number {
  return Math.min(longestBackoffMs, shortestBackoffMs * 2 ** Math.max(0, answers - 1));
}
