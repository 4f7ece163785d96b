/** Where the board's pages about jobs are, below the board. */
export const aboutPath = '/about';

const plainId = /^[A-Za-z0-9_.-]{1,200}$/;

/**
 * The page about a job, for its link on the board, relative to the board; `undefined` if the id is not one of this
 * system.
 */
export function aboutJob(queue: string, id: unknown): { displayText: string; href: string } | undefined {
  if (typeof id !== 'string' || !plainId.test(id) || !plainId.test(queue)) return undefined;
  return { displayText: 'run, report, dataset', href: `${aboutPath.slice(1)}/${queue}/${id}` };
}
