import { expect, it } from 'vitest';
import { precisionData } from '../../src/reports/precision-data.ts';
import { precisionPage } from '../../src/reports/precision-report.ts';
import { alertsOf, figuresOf } from './precision-fixture.ts';

/** The page's text as it is read: without its style, its data and its script. */
function shown(page: string): string {
  return page
    .replace(/<(style|script)[^>]*>[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');
}

it('shows the precision as a whole, per trigger and per calibration', () => {
  const alerts = alertsOf(100);
  const figures = figuresOf(alerts);
  const text = shown(precisionPage(figures));
  const { confirmed, refuted, precision } = figures.precision;
  expect(confirmed + refuted).toBe(80);
  expect(text).toContain(`${precision.toFixed(4)} precision 95 % interval`);
  expect(text).toContain(`${confirmed} confirmed ${refuted} refuted 20 open`);
  expect(text).toContain('Computed at 2026-04-01 14:05 UTC from 100 alerts');
  expect(text).toMatch(/anger block – \d/);
  expect(text).toMatch(/anger notify 0\.600 \d/);
  expect(text).toMatch(/Calibrations Version .* unknown \d/);
  expect(text).not.toMatch(/NaN|undefined|Infinity|null/);
});

it('draws for each threshold what a recount of the alerts gives', () => {
  const alerts = alertsOf(100);
  const [block] = precisionData(figuresOf(alerts)).triggers;
  expect(block?.points.length).toBeGreaterThan(10);
  for (const { threshold, confirmed, refuted, open, precision } of block?.points ?? []) {
    const raised = alerts.filter(each => each.directive === 'block' && (each.score ?? -1) >= threshold);
    const outcomes = raised.map(({ closed }) => closed?.outcome);
    expect([confirmed, refuted, open]).toEqual(
      ['confirmed', 'refuted', undefined].map(wanted => outcomes.filter(outcome => outcome === wanted).length),
    );
    const judged = confirmed + refuted;
    expect(precision).toBe(judged === 0 ? null : Number((confirmed / judged).toFixed(4)));
  }
});

it('keeps its size where there are many scores and many days', () => {
  const alerts = alertsOf(5_000).map((each, number) => ({ ...each, score: (number % 4_999) / 5_000 }));
  const data = precisionData(figuresOf(alerts));
  for (const { points } of data.triggers) expect(points).toHaveLength(200);
  expect(data.days.length).toBeLessThanOrEqual(120);
  expect(data.days.reduce((sum, { confirmed, refuted, open }) => sum + confirmed + refuted + open, 0)).toBe(5_000);
});

it('shows a tenant without alerts, and alerts without outcomes or scores', () => {
  const empty = shown(precisionPage(figuresOf([])));
  expect(empty).toContain('none precision no alert was judged yet');
  expect(empty).toContain('from 0 alerts');
  const open = alertsOf(3).map(each => ({ ...each, closed: null, score: null }));
  expect(shown(precisionPage(figuresOf(open)))).not.toMatch(/NaN|undefined|Infinity|null|against threshold/);
});

it('escapes hostile names', () => {
  const name = '</script><img src=x onerror=alert(1)>';
  const page = precisionPage(figuresOf(alertsOf(10, name)));
  expect(page).not.toContain('<img');
  expect(page.match(/<\/script>/g)).toHaveLength(2);
});
