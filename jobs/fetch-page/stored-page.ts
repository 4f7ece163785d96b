import { z } from 'zod';
import type { Ask } from '../../src/domain/interaction/coverage.ts';
import type { Asked } from '../../src/edges/cxone/client.ts';
import type { InteractionPage } from '../../src/edges/cxone/endpoints.ts';
import type { Runs } from '../../src/edges/runs/runs.ts';

const storedPage = z.strictObject({ askedAt: z.number(), total: z.number().int(), interactions: z.array(z.unknown()) });

/** An answered page as it is kept: the records as they were sent, and when they were asked for. */
export type StoredPage = z.infer<typeof storedPage>;

export function pageText({ answer, askedAt }: Asked<InteractionPage>): string {
  return JSON.stringify({ askedAt, total: answer.totalCount, interactions: answer.interactions } satisfies StoredPage);
}

/** @throws MlopsError ARTIFACT_MISSING */
export async function readStoredPage(runs: Runs, run: string, ask: Ask): Promise<StoredPage> {
  return storedPage.parse(JSON.parse((await runs.readPage(run, ask)).toString('utf8')));
}
