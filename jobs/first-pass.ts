import type { PageRequest } from '../src/domain/interaction/coverage.ts';
import { pageSize } from '../src/platform/endpoints.ts';

/**
 * The page that is requested last in a run's first pass, by what `page` counted; `null` for a page of a later pass. While
 * it is not done, the pass is plainly incomplete: a page finds this out without a listing of all.
 */
export function lastOf({ pass, attempt, total }: PageRequest & { readonly total: number }): PageRequest | null {
  if (pass > 0 || attempt > 1) return null;
  return { pass: 0, page: Math.max(1, Math.ceil(total / pageSize)), attempt: 1 };
}
