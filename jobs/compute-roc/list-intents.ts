import type { TenantIntent } from '../../src/domain/push/thresholds.ts';
import { MlopsError } from '../../src/errors.ts';
import { type IntentPage, intentQuery, listIntents } from '../../src/platform/endpoints.ts';
import type { Resources } from '../resources.ts';
import type { Context } from './context.ts';
import { intentsUnstable } from './errors.ts';
import { tuningJobId } from './job.ts';

/** How often an attempt reads the list before it gives up: added or archived intents move others between pages. */
const passes = 3;
const mostPages = 10_000;

type Edge = Pick<Context, 'signal'> & {
  readonly resources: Pick<Resources, 'cxone' | 'tunings' | 'cancellations'>;
};

/**
 * The tenant's active intents, from one pass through their pages. An answered page is not requested again, so a limit in
 * between costs nothing. If an intent is archived during a pass, another one moves to a page that was already read: if one
 * of `expected` is missing, a second pass must agree.
 * @param expected ids of intents that existed before
 * @param isTrial the answer is not used for a push
 * @throws MlopsError INTENTS_UNSTABLE if no pass was consistent
 */
export async function listTenantIntents(
  tuning: string,
  expected: readonly string[],
  context: Edge,
  { isTrial }: { readonly isTrial: boolean },
): Promise<TenantIntent[]> {
  let before: string | null = null;
  for (let pass = 1, left = passes; left > 0; pass++) {
    const { pages, isNew } = await walk(tuning, pass, context, isTrial);
    // A pass that an earlier attempt completed may be out of date.
    if (isNew) left -= 1;
    const intents = pages.flatMap(page => page.entities);
    const ids = new Set(intents.map(({ id }) => id));
    const isConsistent = ids.size === intents.length && pages.every(page => page.pageCount === pages[0]?.pageCount);
    const walked = JSON.stringify([...ids]);
    if (isConsistent && (pages.length === 1 || expected.every(id => ids.has(id)) || walked === before)) return intents;
    before = isConsistent ? walked : null;
  }
  throw new MlopsError(
    intentsUnstable,
    `the tenant's list of intents changed during each of ${passes} passes through its pages. Run it again when no intents are being edited`,
    { where: listIntents.name },
  );
}

interface Walk {
  readonly pages: readonly IntentPage[];
  /** Whether any of its pages was requested just now. */
  readonly isNew: boolean;
}

async function walk(tuning: string, pass: number, context: Edge, isTrial: boolean): Promise<Walk> {
  const pages: IntentPage[] = [];
  let isNew = false;
  for (let page = 1; page <= mostPages; page++) {
    const known = await context.resources.tunings.intentPage(tuning, pass, page);
    const answer = known ?? (await requestPage(tuning, pass, page, context, isTrial));
    isNew ||= known === null;
    pages.push(answer);
    if (answer.entities.length === 0 || page >= answer.pageCount) return { pages, isNew };
  }
  throw new MlopsError(
    'PLATFORM_WRONG_SHAPE',
    `${listIntents.name} does not end after ${mostPages} pages. Report it to the platform`,
    {
      where: `${listIntents.name}: pageCount`,
    },
  );
}

async function requestPage(
  tuning: string,
  pass: number,
  page: number,
  { resources, signal }: Edge,
  isTrial: boolean,
): Promise<IntentPage> {
  const { cxone, tunings, cancellations } = resources;
  await cancellations.proveWanted(tuningJobId(tuning));
  const { answer } = await cxone.ask(listIntents, { query: intentQuery(page), isTrial }, signal);
  await tunings.writeIntentPage(tuning, pass, page, answer);
  return answer;
}
