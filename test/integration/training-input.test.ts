import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Site } from './site.ts';
import { dataOf, give, train, trainingSite } from './training-site.ts';

const said = 'Ann of Elm Street 7 called';
const labels = (...ids: string[]) => ids.map(id => ({ id, name: id, description: '' }));
const utterances = (label: string, count: number, language = 'en') =>
  Array.from({ length: count }, (_, index) => ({ text: `${said} ${label} ${index}`, label, language }));

const data = (given: unknown) => async (site: Site) => {
  await give(site, 'bad.json', given);
  return ['--data', 'bad.json'];
};
const dataset = (name: string, csv: string) => async (site: Site) => {
  await give(site, 'labels.csv', csv);
  return ['--dataset', name, '--labels', 'labels.csv'];
};

const cases: readonly { readonly words: (site: Site) => Promise<string[]>; readonly named: readonly string[] }[] = [
  { words: data(`{"utterances": [\n  {"text": "${said}" "label": "a"}]}`), named: ['bad.json:2:41: not valid JSON'] },
  {
    words: data({ utterances: [{ text: 7, label: 'a' }, { text: said }], labels: [{ name: said }] }),
    named: ['utterances[0].text: must be a text', 'utterances[1].label: is missing', 'labels[0].id: is missing'],
  },
  {
    words: data({
      utterances: [
        ...utterances('a', 8),
        ...utterances('b', 2, 'de'),
        ...utterances('c', 3),
        { text: ' ', label: 'a' },
      ],
      labels: labels('a', 'b'),
    }),
    named: [
      '1 text is empty',
      '2 languages where one is allowed: "en" (12), "de" (2)',
      '"a" with 9, is 4.5 times the smallest, "b" with 2',
      '1 label is not defined: "c" (3)',
      '--balance downsample',
    ],
  },
  { words: dataset('nobody', 'utterance,label\n'), named: ['nobody', 'DATASET_NOT_FOUND'] },
  { words: async () => ['--resubmit', '--request', 'r-9'], named: ['TRAINING_NOT_FOUND', 'r-9'] },
];

test('what cannot be trained on is refused: all that is wrong in one message, no text in it, nothing enqueued', {
  timeout: 240_000,
}, async () => {
  const site = await trainingSite();
  await give(site, 'intents.json', dataOf());
  const ends = await Promise.all(
    cases.map(async ({ words }, index) => {
      // Files of the same name are for one command each.
      const place = { ...site, folder: join(site.folder, `${index}`) };
      await mkdir(place.folder);
      const given = await words(place);
      const located = given.map(word => (/\.(json|csv)$/.test(word) ? join(`${index}`, word) : word));
      return await train(site, ...located, '--wait');
    }),
  );
  for (const [index, end] of ends.entries()) {
    expect(end, `${index}: ${end.stderr}`).toMatchObject({ code: 2, stdout: '' });
    for (const each of cases[index]?.named ?? []) expect(end.stderr).toContain(each);
    expect(end.stderr).not.toContain(said.slice(0, 6));
  }
  expect(site.sandbox.requests).toEqual([]);
  expect((await site.client().keys('*')).filter(key => key.includes('poll-training'))).toEqual([]);
  const kept = await readdir(site.artifacts, { recursive: true });
  expect(kept.filter(name => /uploads|trainings|models/.test(name))).toEqual([]);
});
