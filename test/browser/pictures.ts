import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { Random } from '../../src/sandbox/kernel/random.ts';
import { builtInIntents } from '../../src/sandbox/nlp/built-in.ts';

/** A system that is up and has curated, and where a browser looks at it. */
export interface Scene {
  readonly page: Page;
  readonly url: string;
  readonly folder: string;
  /** Runs a command in the folder. */
  cxone(...words: string[]): Promise<unknown>;
}

/** Renews the pictures of `docs/` that board.test.ts does not take. */
export async function takePictures({ page, url, folder, cxone }: Scene): Promise<void> {
  const picture = async (address: string, name: string, from?: string) => {
    await page.goto(address);
    await page.waitForLoadState('networkidle');
    // The heading is the first thing in the picture.
    if (from !== undefined) await page.getByRole('heading', { name: from }).evaluate(found => found.scrollIntoView());
    await page.screenshot({ path: `docs/${name}.png` });
  };
  await picture(`${url}/board/queue/run-schedule?status=latest`, 'schedule-board');
  await picture(`${url}/docs`, 'api-docs');

  await writeFile(join(folder, 'before.csv'), exportOf(1));
  await writeFile(join(folder, 'export.csv'), exportOf(2));
  await writeFile(join(folder, 'data.json'), JSON.stringify(trainingData()));
  await cxone('tune', '--csv', 'before.csv', '--push', '--wait');
  await cxone('tune', '--csv', 'export.csv', '--report', 'tuning');
  await cxone('train', '--skill', 'billing', '--data', 'data.json', '--wait', '--report', 'training');
  const reportIn = async (name: string) => {
    const page = (await readdir(join(folder, name))).find(file => file.endsWith('.html')) ?? '';
    return pathToFileURL(join(folder, name, page)).href;
  };
  await picture(await reportIn('tuning'), 'tuning-report');
  await picture(await reportIn('training'), 'training-report', 'Confusion matrix');
}

const intents = builtInIntents().filter(({ id, archived }) => archived !== true && !id.startsWith('clinc-'));

/** Scores about two centres: each intent's own, and that of all that is not meant. */
function exportOf(seed: number): string {
  const random = new Random('export', seed);
  const near = (centre: number) => {
    const score = centre + (random.below(1_000) + random.below(1_000) + random.below(1_000) - 1_500) / 3_500;
    return Math.min(0.999, Math.max(0.001, score)).toFixed(3);
  };
  const rows = intents.flatMap(({ id }, index) => {
    const centre = 0.68 + ((index * 7) % 13) / 100;
    return [
      ...Array.from({ length: 60 }, () => `${id},1,${near(centre)}`),
      ...Array.from({ length: 240 }, () => `${id},0,${near(centre - 0.28)}`),
    ];
  });
  return ['intent_id,actual_label,predicted_confidence', ...rows, ''].join('\n');
}

/** Utterances of the first intents' words, now and then one of a neighbour's, so that no model gets all of them. */
function trainingData() {
  const random = new Random('training data');
  const labels = intents.slice(0, 14).map(({ id, name }) => ({ id, name, description: `What is meant by ${name}` }));
  const utterances = labels.flatMap(({ id }, index) =>
    Array.from({ length: 40 }, () => {
      const about = random.chance(0.4) ? (index + random.below(4)) % labels.length : index;
      const words = Array.from({ length: 3 }, () => `w${about}x${random.below(6)}`);
      const others = Array.from({ length: 4 }, () => `common${random.below(40)}`);
      return { text: [...others, ...words].join(' '), label: id, language: 'en' };
    }),
  );
  return { utterances, labels };
}
