import { pageSize } from '../../src/platform/endpoints.ts';
import type { JobSpec } from '../../src/runtime/job-spec.ts';
import { fetchPage } from './job.ts';

/** A run's first requests for the pages from `first` on, for `total` rows. */
export function pageSpecs(run: string, tenant: string, first: number, total: number): JobSpec[] {
  const pages = Math.ceil(total / pageSize);
  return Array.from({ length: Math.max(0, pages - first + 1) }, (_, index) =>
    fetchPage.spec({ kind: 'page', tenant, run, pass: 0, page: first + index, attempt: 1 }),
  );
}
