import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openFileStore } from '../../../src/store/artifacts/file-store.ts';
import { foldLog } from '../../../src/store/artifacts/folded-log.ts';
import { openLog } from '../../../src/store/artifacts/log.ts';
import type { ArtifactStore } from '../../../src/store/artifacts/store.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { codeOf } from '../../thrown.ts';

const entry = z.strictObject({ word: z.string() });
const damage = { code: 'SCHEDULE_LOG_DAMAGED', remedy: 'Do this' } as const;
const every = 4;

function opened(root: string, watch: (key: string) => void = () => undefined) {
  const files = openFileStore(root);
  const store: ArtifactStore = {
    ...files,
    async readIfThere(key) {
      watch(key);
      return await files.readIfThere(key);
    },
  };
  const log = openLog(store, 'a/log', entry, damage);
  const fold = {
    empty: (): string[] => [],
    add(words: string[], { word }: z.infer<typeof entry>) {
      words.push(word);
      return words;
    },
    shape: z.array(z.string()),
  };
  return foldLog(store, 'a/log', log, fold, every);
}

const words = (count: number) => Array.from({ length: count }, (_, index) => `word ${index + 1}`);

async function filled(count: number) {
  const root = temporaryFolder();
  const log = opened(root);
  for (const [index, word] of words(count).entries()) await log.append(index, { word });
  return { root, log };
}

const checkpoint = (root: string, number: number) =>
  join(root, 'a', 'checkpoints', `${String(number).padStart(12, '0')}.json`);

describe('a folded log', () => {
  it.each([0, 1, 3, 4, 5, 8, 13])('of %i entries is what they add up to, with and without checkpoints', async count => {
    const { root, log } = await filled(count);
    const right = { state: words(count), length: count };
    expect(await log.read()).toEqual(right);
    expect(await opened(root).read()).toEqual(right);
    expect(await log.verify()).toEqual([]);
    rmSync(join(root, 'a', 'checkpoints'), { recursive: true, force: true });
    expect(await opened(root).read()).toEqual(right);
    expect(await log.read()).toEqual(right);
  });

  it('is read from its newest checkpoint on, and keeps two', async () => {
    const { root, log } = await filled(14);
    await log.read();
    expect(readdirSync(join(root, 'a', 'checkpoints'))).toEqual(['000000000008.json', '000000000012.json']);
    const read = new Set<string>();
    expect(await opened(root, key => read.add(key)).read()).toEqual({ state: words(14), length: 14 });
    const entries = [...read].filter(key => key.startsWith('a/log/')).sort();
    expect(entries).toEqual([12, 13, 14, 15].map(number => `a/log/0000000000${number}.json`));
  });

  it('passes a damaged checkpoint over, and one of another log', async () => {
    const { root, log } = await filled(9);
    await log.read();
    const bytes = readFileSync(checkpoint(root, 8));
    bytes.writeUInt8(bytes.readUInt8(40) ^ 1, 40);
    writeFileSync(checkpoint(root, 8), bytes);
    expect(await opened(root).read()).toEqual({ state: words(9), length: 9 });

    const other = await filled(0);
    for (let index = 0; index < 8; index++) await other.log.append(index, { word: 'wrong' });
    await other.log.read();
    writeFileSync(checkpoint(root, 8), readFileSync(checkpoint(other.root, 8)));
    expect(await opened(root).read()).toEqual({ state: words(9), length: 9 });
    expect(await log.verify()).toEqual([]);
  });

  it('has a checkpoint that claims what the entries do not say named by verify', async () => {
    const { root, log } = await filled(8);
    await log.read();
    const text = readFileSync(checkpoint(root, 8), 'utf8');
    writeFileSync(checkpoint(root, 8), text.replace('word 3', 'word 4'));
    expect(await log.verify()).toEqual([
      { where: 'a/checkpoints/000000000008.json', what: expect.stringContaining('damaged') },
    ]);
  });

  it('is dropped by a process where the log is shorter now, or another one', async () => {
    const { root, log } = await filled(6);
    await log.read();
    rmSync(join(root, 'a'), { recursive: true });
    expect(await log.read()).toEqual({ state: [], length: 0 });

    await log.append(0, { word: 'first' });
    await log.append(1, { word: 'second' });
    expect(await log.read()).toEqual({ state: ['first', 'second'], length: 2 });
    rmSync(join(root, 'a'), { recursive: true });
    const other = opened(root);
    for (const [index, word] of ['x', 'y', 'z'].entries()) await other.append(index, { word });
    expect(await log.read()).toEqual({ state: ['x', 'y', 'z'], length: 3 });
  });

  it('is read whole by many at once', async () => {
    const { log } = await filled(9);
    const all = await Promise.all(Array.from({ length: 10 }, () => log.read()));
    expect(all).toEqual(all.map(() => ({ state: words(9), length: 9 })));
  });

  it('knows nothing after a damaged entry, and all once it is brought back', async () => {
    const { root, log } = await filled(5);
    await log.read();
    await log.append(5, { word: 'word 6' });
    const place = join(root, 'a', 'log', '000000000006.json');
    const whole = readFileSync(place);
    writeFileSync(place, whole.toString('utf8').replace('word 6', 'word 7'));
    expect(await codeOf(() => log.read())).toBe('SCHEDULE_LOG_DAMAGED');
    writeFileSync(place, whole);
    expect(await log.read()).toEqual({ state: words(6), length: 6 });
  });
});
