/** Intervals without a commit after which a dataset is stale. */
export const staleAfter = 3;

/**
 * Whether a scheduled dataset is stale: it has the version that it had three times ago, so that three whole intervals
 * went by without a commit. Times at which no worker ran do not count: a system that was switched off is not stale.
 * @param seen the dataset's version at each time that its work began, oldest first
 * @param head its version now
 */
export function isStale(seen: readonly number[], head: number): boolean {
  const last = seen.slice(-staleAfter);
  return last.length === staleAfter && last.every(version => version === head);
}
