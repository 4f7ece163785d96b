import { expect, test } from 'vitest';
import { commands } from './commands.ts';
import { conversations, noon } from './conversations.ts';
import { curate, frozenTenant, openSite, type Site } from './site.ts';

/** What Redis holds, but for the short-lived marks of workers. */
async function keysOf(site: Site): Promise<string[]> {
  return (await site.client().keys('*')).filter(key => !/:(limiter|stalled-check|hold|next)$/.test(key)).sort();
}

test('what curate cannot take is refused before anything is opened', async () => {
  const site = await openSite();
  const refusals = [
    { words: ['--dataset', 'demo', '--simlarity', '0.9'], named: '--simlarity' },
    { words: ['--dataset', 'demo', '--similarity', '1.4'], named: '--similarity' },
    { words: ['--dataset', 'demo', '--since', 'yesterday-ish'], named: '--since' },
    { words: ['--dataset', 'de/mo'], named: '--dataset' },
    { words: ['--datset', 'demo'], named: "unknown option '--datset'\n(Did you mean --dataset?)" },
    { words: ['--dataset', 'demo', '--min-rating', '5.5'], named: 'from 1 to 5' },
    { words: ['--dataset', 'demo', '--min-rating', '0'], named: '--min-rating' },
    { words: [], named: "required option '--dataset <name>' not specified" },
  ];
  const ends = await commands(
    site,
    refusals.map(({ words }) => ['curate', ...words, '--wait', '--json']),
  );
  for (const [index, { words, named }] of refusals.entries()) {
    expect(ends[index], words.join(' ')).toMatchObject({ code: 2, stdout: '' });
    expect(ends[index]?.stderr).toContain(named);
  }
  expect(await keysOf(site)).toEqual([]);
  expect(site.sandbox.requests).toEqual([]);
});

test('a dataset that has never had a row takes other settings, and reads the log again from its start', async () => {
  const site = await openSite(frozenTenant({ interactions: conversations(30) }));
  const app = await site.workingHouse();
  expect(await curate(app, 'demo', { bots: ['typo'] })).toMatchObject({ rows: 0, otherBots: 30, watermark: noon });
  const again = await curate(app, 'demo', { bots: ['bot_a'], similarity: 0.9 });
  expect(again).toMatchObject({ version: 2, otherBots: 15, interactions: 30 });
  expect(again.rows).toBeGreaterThan(0);
  await expect(curate(app, 'demo', { bots: ['typo'] })).rejects.toMatchObject({ code: 'DATASET_MISMATCH' });
});

test('what would mix or lose rows is refused, naming it, with nothing enqueued', async () => {
  const site = await openSite(frozenTenant({ interactions: conversations(30) }));
  const app = await site.workingHouse();
  await curate(app, 'demo', { bots: ['bot_a'] });
  const { watermark, identity } = (await app.datasets.version('demo')).entry;
  expect(watermark).toBe(noon);
  await app.close();
  const before = await keysOf(site);

  const refusals = [
    { words: ['--since', '2024-05-15T12:00:00.001Z'], named: '--since', also: noon },
    { words: ['--similarity', '0.9'], named: 'similarity', also: '0.85' },
    { words: ['--min-rating', '3'], named: 'minimum rating', also: '4' },
    { words: ['--bot', 'bot_b'], named: 'bots', also: 'bot_a' },
  ];
  const ends = await commands(
    site,
    refusals.map(({ words }) => ['curate', '--dataset', 'demo', ...words, '--wait', '--json']),
  );
  for (const [index, { words, named, also }] of refusals.entries()) {
    expect(ends[index], words.join(' ')).toMatchObject({ code: 2, stdout: '' });
    expect(ends[index]?.stderr).toContain(named);
    expect(ends[index]?.stderr).toContain(also);
  }
  expect(await keysOf(site)).toEqual(before);

  const head = await app.datasets.version('demo');
  const other = { ...head.entry, identity: { ...identity, model: 'f'.repeat(64) } };
  expect(await app.datasets.commit(head.number, other)).not.toBeNull();
  const end = await site.cli(['curate', '--dataset', 'demo']);
  expect(end).toMatchObject({ code: 2, stdout: '' });
  expect(end.stderr).toContain('model');
  expect(await keysOf(site)).toEqual(before);
});
