import type { StoredPage } from '../../src/domain/run/stored-page.ts';
import { MlopsError } from '../../src/errors.ts';
import type { Answered, Cxone } from '../../src/platform/client.ts';
import { type InteractionPage, interactionQuery, listInteractions, pageSize } from '../../src/platform/endpoints.ts';
import { windowTooLarge } from './errors.ts';

/** The most rows that a run reads: seven hours at the default limit. A higher count is treated as an error. */
const mostRows = 10_000_000;

/**
 * Requests a page of the rows of the interaction log that are newer than `after`.
 * @throws MlopsError WINDOW_TOO_LARGE, and what `Cxone.ask` throws
 */
export async function requestPage(
  cxone: Cxone,
  page: number,
  after: string | null,
  signal: AbortSignal,
): Promise<Answered<InteractionPage>> {
  const response = await cxone.ask(listInteractions, { query: interactionQuery(page, after) }, signal);
  const { totalCount } = response.answer;
  const most = Math.max(0, totalCount - pageSize * (page - 1));
  if (response.answer.interactions.length > most)
    throw new MlopsError(
      'PLATFORM_WRONG_SHAPE',
      `${listInteractions.name} contradicts itself: page ${page} holds ${response.answer.interactions.length} rows, its totalCount of ${totalCount} allows ${most}. Retry; if the error persists, report it to the platform`,
      { where: listInteractions.name },
    );
  if (totalCount <= mostRows) return response;
  throw new MlopsError(
    windowTooLarge,
    `${listInteractions.name} counts ${totalCount} rows, but one run can process at most ${mostRows}: start a new dataset that begins later`,
    { where: listInteractions.name, field: 'since' },
  );
}

export function stored({ answer, sentAt }: Answered<InteractionPage>): StoredPage {
  return { sentAt, total: answer.totalCount, interactions: answer.interactions };
}
