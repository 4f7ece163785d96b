import type { TenantIntent } from '../../src/domain/push/thresholds.ts';
import { type IntentPage, intentQuery, listIntents } from '../../src/edges/cxone/endpoints.ts';
import { MlopsError } from '../../src/errors.ts';
import type { Context } from '../../src/runtime/handler.ts';
import type { Edges } from '../edges.ts';

/** How often the list is walked before it is given up: intents that come and go meanwhile move others to other pages. */
const passes = 3;
const mostPages = 10_000;

type Edge = Pick<Context<Edges>, 'signal'> & { readonly edges: Pick<Edges, 'cxone' | 'tunings'> };

/**
 * The tenant's active intents, as one walk through their pages showed them. A page once answered is not asked for again,
 * so that a limit in between costs nothing.
 * @throws MlopsError INTENTS_UNSTABLE where no walk was consistent
 */
export async function listTenantIntents(tuning: string, context: Edge): Promise<TenantIntent[]> {
  for (let pass = 1; pass <= passes; pass++) {
    const pages = await walk(tuning, pass, context);
    const intents = pages.flatMap(page => page.entities);
    const isConsistent = pages.every(page => page.pageCount === pages[0]?.pageCount);
    if (isConsistent && new Set(intents.map(({ id }) => id)).size === intents.length) return intents;
  }
  throw new MlopsError(
    'INTENTS_UNSTABLE',
    `the tenant's list of intents changed during each of ${passes} walks through its pages: run it again when nobody edits them`,
    { where: listIntents.name },
  );
}

async function walk(tuning: string, pass: number, context: Edge): Promise<IntentPage[]> {
  const pages: IntentPage[] = [];
  for (let page = 1; page <= mostPages; page++) {
    const answer = await pageOf(tuning, pass, page, context);
    pages.push(answer);
    if (answer.entities.length === 0 || page >= answer.pageCount) return pages;
  }
  throw new MlopsError(
    'PLATFORM_WRONG_SHAPE',
    `${listIntents.name} has no end: ${mostPages} pages and more. Report it to the platform`,
    {
      where: `${listIntents.name}: pageCount`,
    },
  );
}

async function pageOf(tuning: string, pass: number, page: number, { edges, signal }: Edge): Promise<IntentPage> {
  const { cxone, tunings } = edges;
  const known = await tunings.intentPage(tuning, pass, page);
  if (known !== null) return known;
  const { answer } = await cxone.ask(listIntents, { query: intentQuery(page) }, signal);
  await tunings.writeIntentPage(tuning, pass, page, answer);
  return answer;
}
