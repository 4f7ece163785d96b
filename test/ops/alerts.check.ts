import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { dashboardExpressions } from './expressions.ts';
import { findPromtool } from './promtool.ts';

const folder = resolve(import.meta.dirname, '../../ops/prometheus');
let promtool: string;

beforeAll(() => {
  promtool = findPromtool();
});

function run(words: readonly string[], cwd = folder) {
  const { status, stdout, stderr } = spawnSync(promtool, words, { cwd, encoding: 'utf8' });
  return { status, said: stdout + stderr };
}

it('rules and configuration are what Prometheus takes', () => {
  for (const words of [
    ['check', 'rules', 'alerts.yml'],
    // The key's file is where Prometheus runs.
    ['check', 'config', '--syntax-only', 'prometheus.yml'],
  ])
    expect(run(words).status, run(words).said).toBe(0);
});

it('every alert fires where it must, and nowhere else', () => {
  const { status, said } = run(['test', 'rules', 'alerts_test.yml']);
  expect(status, said).toBe(0);
  const alerts = [...readFileSync(join(folder, 'alerts.yml'), 'utf8').matchAll(/- alert: (\w+)/g)].map(
    ([, name]) => name,
  );
  const cases = readFileSync(join(folder, 'alerts_test.yml'), 'utf8');
  for (const name of alerts) {
    expect(cases).toContain(`name: ${name} fires`);
    expect(cases).toContain(`name: ${name} is quiet`);
  }
});

it('what the dashboard asks is what Prometheus can answer', () => {
  const rules = mkdtempSync(join(tmpdir(), 'mlops-alerts-'));
  onTestFinished(() => rmSync(rules, { recursive: true }));
  const asked = dashboardExpressions().map((expr, index) => ({ record: `panel_${index}`, expr }));
  // JSON is YAML.
  writeFileSync(join(rules, 'panels.yml'), JSON.stringify({ groups: [{ name: 'panels', rules: asked }] }));
  const { status, said } = run(['check', 'rules', 'panels.yml'], rules);
  expect(status, said).toBe(0);
});

it('the cases see an alert that is wrong', () => {
  const wrong = mkdtempSync(join(tmpdir(), 'mlops-alerts-'));
  onTestFinished(() => rmSync(wrong, { recursive: true }));
  cpSync(folder, wrong, { recursive: true });
  let rules = readFileSync(join(folder, 'alerts.yml'), 'utf8');
  const mistakes = [
    ['CxoneWaitingTooLong', '> 900', '> 9000'],
    ['CxoneStoreNearlyFull', '< 1e9', '< 1e3'],
    ['CxoneAccessRefused', 'offset 15m', 'offset 1s'],
  ] as const;
  for (const [, right, other] of mistakes) {
    expect(rules).toContain(right);
    rules = rules.replace(right, other);
  }
  writeFileSync(join(wrong, 'alerts.yml'), rules);
  const { status, said } = run(['test', 'rules', 'alerts_test.yml'], wrong);
  expect(status).not.toBe(0);
  for (const [alert] of mistakes) expect(said).toContain(alert);
});
