import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compiled } from '../compiled.ts';
import { commands } from './commands.ts';
import { conversations } from './conversations.ts';
import { curate, frozenTenant, openSite } from './site.ts';

test('every --json prints one object that names the tenant; a list is a field of it', async () => {
  const site = await openSite(frozenTenant({ interactions: conversations(40) }));
  const app = await site.workingHouse();
  await curate(app, 'demo');
  await app.close();
  const given: readonly (readonly [readonly string[], string | null])[] = [
    [['curate', '--dataset', 'demo', '--dry-run'], null],
    [['dataset', 'list'], 'datasets'],
    [['dataset', 'show', 'demo'], null],
    [['dataset', 'show', 'demo', '--removed'], 'removed'],
    [['dataset', 'show', 'demo', '--interaction', 'c0001'], 'kept'],
    [['dataset', 'export', 'demo', '--out', join(site.folder, 'demo.csv')], 'files'],
    [['dataset', 'verify', 'demo'], 'findings'],
    [['dataset', 'restore', 'demo@1'], null],
    [['schedule', 'set', 'often', '--every', '1d'], null],
    [['schedule', 'list'], 'schedules'],
    [['jobs', 'failed'], 'jobs'],
    [['jobs', 'retry', '--all'], 'jobs'],
    [['config', 'history'], 'versions'],
    [['models', 'list'], 'models'],
    [['audit', 'tail'], 'entries'],
    [['audit', 'verify'], 'findings'],
    [['audit', 'erase', 'nothing'], null],
    [['retention', 'run', '--dry-run'], 'swept'],
    [['tenant', 'list'], 'tenants'],
    [['tenant', 'show'], 'services'],
    [['doctor'], 'checks'],
    [['curate', '--dataset', 'demo'], null],
  ];
  const lines = given.map(([words]) => [
    ...words,
    '--json',
    ...(words[1] === 'set' ? ['--', 'curate', '--dataset', 'demo'] : []),
  ]);
  const ends = await commands(site, lines);
  for (const [index, [words, list]] of given.entries()) {
    const { stdout = '', stderr } = ends[index] ?? {};
    expect(stdout.trimEnd(), `${words.join(' ')}: ${stderr}`).toMatch(/^\{"tenant":"default",.*\}$/);
    if (list !== null) expect(Array.isArray(JSON.parse(stdout)[list]), words.join(' ')).toBe(true);
  }
});

test('a result that standard output cannot take is a failure that says so; a closed pipe is not', async () => {
  const site = await openSite(frozenTenant({ interactions: conversations(40) }));
  const app = await site.workingHouse();
  await curate(app, 'demo');
  await app.close();
  const cli = compiled('bin/cxone-mlops.js');
  const { PATH = '' } = process.env;
  const run = (words: string, to: string) =>
    spawnSync('bash', ['-c', `set -o pipefail; ${process.execPath} ${cli} ${words} ${to}`], {
      cwd: site.folder,
      env: { PATH, ...site.environment() },
      encoding: 'utf8',
    });
  for (const words of ['dataset export demo --out -', 'dataset list', 'dataset list --json']) {
    const full = run(words, '> /dev/full');
    expect(full, words).toMatchObject({ status: 1 });
    expect(full.stderr, words).toContain('cannot write standard output: ENOSPC');
    expect(run(words, '| true'), words).toMatchObject({ status: 0 });
  }
});

test('a list says when the store has data of other tenants', async () => {
  const site = await openSite(frozenTenant({ interactions: conversations(4) }));
  const app = await site.workingHouse();
  await curate(app, 'demo');
  await app.close();
  const [own] = await commands(site, [['dataset', 'list']]);
  expect(own?.stderr).toBe('');
  const [other] = await commands(site, [['dataset', 'list']], { TENANT: 'other' });
  expect(other).toMatchObject({ code: 0, stdout: '' });
  expect(other?.stderr).toContain('the store also has data of default (TENANT=default)');
});
