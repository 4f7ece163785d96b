import { expect, it } from 'vitest';
import { sumsText } from '../../../src/operators/metrics/sums-text.ts';

const nothing = { queues: [], families: [] };

it('writes counters and histograms as Prometheus reads them', async () => {
  const text = await sumsText(
    new Map([
      ['cxone_job_failures_total|fetch-page|BAD_INPUT', 2],
      ['cxone_job_wait_seconds|fetch-page|0.05', 1],
      ['cxone_job_wait_seconds|fetch-page|+Inf', 1],
      ['cxone_job_wait_seconds|fetch-page|sum', 90_000_040_000],
    ]),
    nothing,
  );
  expect(text).toContain(
    '# TYPE cxone_job_failures_total counter\ncxone_job_failures_total{queue="fetch-page",code="BAD_INPUT"} 2\n',
  );
  const buckets = [...text.matchAll(/^cxone_job_wait_seconds_bucket\{queue="fetch-page",le="(.*)"\} (\d+)$/gm)];
  expect(buckets.slice(0, 3).map(([, bound, count]) => [bound, count])).toEqual([
    ['0.01', '0'],
    ['0.05', '1'],
    ['0.25', '1'],
  ]);
  expect(buckets.at(-1)?.slice(1)).toEqual(['+Inf', '2']);
  expect(text).toContain('cxone_job_wait_seconds_sum{queue="fetch-page"} 90000.04\n');
  expect(text).toContain('cxone_job_wait_seconds_count{queue="fetch-page"} 2\n');
});

it('shows at 0 what a rate must be able to see begin', async () => {
  const text = await sumsText(new Map(), { queues: ['fetch-page'], families: ['NLU'] });
  expect(text).toContain('cxone_job_tries_total{queue="fetch-page",end="failed"} 0\n');
  expect(text).toContain('cxone_platform_refusals_total{family="NLU"} 0\n');
  expect(text).toContain('\ncxone_worker_crashes_total 0\n');
});

it('escapes what a label may not hold', async () => {
  const text = await sumsText(new Map([['cxone_job_stalls_total|a"\\\n', 1]]), nothing);
  expect(text).toContain('cxone_job_stalls_total{queue="a\\"\\\\\\n"} 1\n');
});
