import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { startHttp } from '../../producers/http/server.ts';
import { openSite } from '../integration/site.ts';
import { alertsText, dashboardExpressions } from './expressions.ts';

/** The metrics that a scrape shows, by their types. */
async function scraped(): Promise<Map<string, string>> {
  const site = await openSite();
  const app = await site.app({ HTTP_PORT: '0' });
  const http = await startHttp(app);
  try {
    const text = await (await fetch(`${http.url}/metrics`)).text();
    return new Map([...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name = '', type = '']) => [name, type]));
  } finally {
    await http.close();
  }
}

const named = (text: string) => [
  ...new Set([...text.matchAll(/\b(?:cxone|nodejs|process)_\w+\b/g)].map(([name]) => name)),
];

it('dashboard, alerts and documentation name the metrics that there are', async () => {
  const types = await scraped();
  const series = [...types].flatMap(([name, type]) =>
    type === 'histogram' ? ['bucket', 'sum', 'count'].map(part => `${name}_${part}`) : [name],
  );
  const panels = dashboardExpressions();
  expect(panels.length).toBeGreaterThan(25);
  const unknown = (text: string) => named(text).filter(name => !series.includes(name) && !types.has(name));
  expect(unknown(panels.join('\n'))).toEqual([]);
  expect(unknown(alertsText())).toEqual([]);

  const own = [...types.keys()].filter(name => name.startsWith('cxone_')).sort();
  const text = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8');
  const rows = [...text.matchAll(/^\| `(cxone_\w+)`/gm)].map(([, name]) => name);
  expect(rows.sort()).toEqual(own);
  const shown = named(panels.join('\n')).map(name =>
    types.has(name) ? name : name.replace(/_(bucket|sum|count)$/, ''),
  );
  expect(own.filter(name => !shown.includes(name))).toEqual([]);
});
