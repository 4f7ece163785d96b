const second = 1000;

/** Answers with a status after which a training has timed out, by default. */
export const defaultMaxPolls = 60;

/** How long after a 500 or 503 (not accepted) a submission is sent again. */
export const submissionRetryMs = 30 * second;

const shortestPoll = 2 * second;
const longestPoll = 30 * second;
const longestThrottled = 60 * second;

/**
 * Milliseconds until the next poll: 2 s, growing by half with each answer up to 30 s.
 * @param answers how many answers with a status there were so far; 0 and 1 both wait 2 s
 */
export function pollInterval(answers: number): number {
  return Math.min(longestPoll, Math.round(shortestPoll * 1.5 ** Math.max(0, answers - 1)));
}

/**
 * Milliseconds until the next poll after a 429 without `Retry-After`: the interval doubled with each refusal, up to 60 s.
 * @param refusals how many 429s came one after the other, at least 1
 * @param answers as for `pollInterval`
 */
export function throttledInterval(refusals: number, answers: number): number {
  return Math.min(longestThrottled, pollInterval(answers) * 2 ** Math.max(1, refusals));
}
