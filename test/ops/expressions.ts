import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';

const ops = resolve(import.meta.dirname, '../../ops');

const dashboard = z.object({
  panels: z.array(z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })).optional() })),
});

/** What the panels of the dashboard ask, with Grafana's own variables filled in. */
export function dashboardExpressions(): string[] {
  const { panels } = dashboard.parse(JSON.parse(readFileSync(resolve(ops, 'grafana/cxone-mlops.json'), 'utf8')));
  return panels.flatMap(({ targets = [] }) =>
    targets.map(({ expr }) => expr.replaceAll('$__rate_interval', '5m').replaceAll('$job', '.*')),
  );
}

export function alertsText(): string {
  return readFileSync(resolve(ops, 'prometheus/alerts.yml'), 'utf8');
}
