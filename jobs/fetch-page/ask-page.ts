import type { StoredPage } from '../../src/domain/run/stored-page.ts';
import { MlopsError } from '../../src/errors.ts';
import type { Asked, Cxone } from '../../src/platform/client.ts';
import { type InteractionPage, interactionQuery, listInteractions, pageSize } from '../../src/platform/endpoints.ts';
import { windowTooLarge } from './errors.ts';

/** Rows that a run may have to read: seven hours at the default limit. More is taken for a mistake, the platform's or ours. */
const mostRows = 10_000_000;

/**
 * Asks the interaction log for a page of what is newer than `after`.
 * @throws MlopsError WINDOW_TOO_LARGE, and what `Cxone.ask` throws
 */
export async function askPage(
  cxone: Cxone,
  page: number,
  after: string | null,
  signal: AbortSignal,
): Promise<Asked<InteractionPage>> {
  const asked = await cxone.ask(listInteractions, { query: interactionQuery(page, after) }, signal);
  const { totalCount } = asked.answer;
  const most = Math.max(0, totalCount - pageSize * (page - 1));
  if (asked.answer.interactions.length > most)
    throw new MlopsError(
      'PLATFORM_WRONG_SHAPE',
      `${listInteractions.name} contradicts itself: page ${page} holds ${asked.answer.interactions.length} rows, its totalCount of ${totalCount} leaves ${most}. Retry; if it stays so, report it to the platform`,
      { where: listInteractions.name },
    );
  if (totalCount <= mostRows) return asked;
  throw new MlopsError(
    windowTooLarge,
    `${listInteractions.name} counts ${totalCount} rows, but one run can process at most ${mostRows}: start a new dataset that begins later`,
    { where: listInteractions.name, field: 'since' },
  );
}

export function stored({ answer, askedAt }: Asked<InteractionPage>): StoredPage {
  return { askedAt, total: answer.totalCount, interactions: answer.interactions };
}
