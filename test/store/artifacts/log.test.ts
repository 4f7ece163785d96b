import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { MlopsError } from '../../../src/errors.ts';
import { openFileStore } from '../../../src/store/artifacts/file-store.ts';
import { openLog } from '../../../src/store/artifacts/log.ts';
import type { ArtifactStore } from '../../../src/store/artifacts/store.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { codedBy, codeOf } from '../../thrown.ts';

const entry = z.strictObject({ writer: z.number(), count: z.number() });
const damage = { code: 'SCHEDULE_LOG_DAMAGED', remedy: 'Do this' } as const;

describe('a log', () => {
  it('starts empty, and numbers from 1', async () => {
    const log = openLog(openFileStore(temporaryFolder()), 'a/log', entry, damage);
    expect(await log.head()).toBeNull();
    expect(await log.all()).toEqual([]);
    expect(await log.append(0, { writer: 1, count: 1 })).toEqual({ number: 1, entry: { writer: 1, count: 1 } });
    expect(await log.append(1, { writer: 1, count: 2 })).toMatchObject({ number: 2 });
    expect(await log.head()).toEqual({ number: 2, entry: { writer: 1, count: 2 } });
    expect((await log.all()).map(each => each.number)).toEqual([1, 2]);
    expect(await log.read(1)).toEqual({ number: 1, entry: { writer: 1, count: 1 } });
    expect(await codeOf(() => log.read(3))).toBe('ARTIFACT_MISSING');
  });

  it('refuses a writer that has not seen the head, and one that skips a number', async () => {
    const log = openLog(openFileStore(temporaryFolder()), 'log', entry, damage);
    await log.append(0, { writer: 1, count: 1 });
    expect(await log.append(0, { writer: 2, count: 1 })).toBeNull();
    expect(await log.append(5, { writer: 2, count: 1 })).toBeNull();
    expect(await log.all()).toHaveLength(1);
  });

  it('has one winner a number, however many write at once, and skips none', async () => {
    const root = temporaryFolder();
    const write = async (writer: number) => {
      const log = openLog(openFileStore(root), 'log', entry, damage);
      let lost = 0;
      for (let count = 0; count < 8; ) {
        const after = (await log.head())?.number ?? 0;
        if ((await log.append(after, { writer, count })) === null) lost++;
        else count++;
      }
      return lost;
    };
    await Promise.all(Array.from({ length: 8 }, (_, writer) => write(writer)));
    const all = await openLog(openFileStore(root), 'log', entry, damage).all();
    expect(all.map(each => each.number)).toEqual(Array.from({ length: 64 }, (_, index) => index + 1));
    for (let writer = 0; writer < 8; writer++)
      expect(all.filter(each => each.entry.writer === writer).map(each => each.entry.count)).toEqual([
        0, 1, 2, 3, 4, 5, 6, 7,
      ]);
  });

  it('lets one of ten appends after the same head win', async () => {
    const root = temporaryFolder();
    const log = openLog(openFileStore(root), 'log', entry, damage);
    const won = await Promise.all(Array.from({ length: 10 }, (_, writer) => log.append(0, { writer, count: 0 })));
    const winners = won.filter(each => each !== null);
    expect(winners).toHaveLength(1);
    expect(await log.head()).toEqual(winners[0]);
  });

  it.each([
    ['cut off', '{"writer":1,'],
    ['empty', ''],
    ['of another shape', '{"writer":"x","count":1}'],
  ])('names an entry that is %s', async (_, text) => {
    const root = temporaryFolder();
    const log = openLog(openFileStore(root), 'log', entry, damage);
    await log.append(0, { writer: 1, count: 1 });
    writeFileSync(join(root, 'log', '000000000001.json'), text);
    const error = await codedBy(() => log.head());
    expect(error.code).toBe('SCHEDULE_LOG_DAMAGED');
    expect(error.message).toContain(join(root, 'log', '000000000001.json'));
  });

  describe('after a doubtful answer of the store', () => {
    const doubtful = (store: ArtifactStore, isWritten: boolean): ArtifactStore => ({
      ...store,
      async create(key, content) {
        if (isWritten) await store.create(key, content);
        throw new MlopsError('STORE_UNWRITABLE', 'the connection broke');
      },
    });

    it('finds its own entry there and has won', async () => {
      const log = openLog(doubtful(openFileStore(temporaryFolder()), true), 'log', entry, damage);
      expect(await log.append(0, { writer: 1, count: 1 })).toEqual({ number: 1, entry: { writer: 1, count: 1 } });
    });

    it('finds nothing there and fails', async () => {
      const log = openLog(doubtful(openFileStore(temporaryFolder()), false), 'log', entry, damage);
      expect(await codeOf(() => log.append(0, { writer: 1, count: 1 }))).toBe('STORE_UNWRITABLE');
      expect(await log.head()).toBeNull();
    });

    it('finds another’s entry there and has lost', async () => {
      const store = openFileStore(temporaryFolder());
      const overtaken: ArtifactStore = {
        ...store,
        async create(key) {
          await store.create(key, JSON.stringify({ writer: 2, count: 1 }));
          throw new MlopsError('STORE_UNWRITABLE', 'the connection broke');
        },
      };
      expect(await openLog(overtaken, 'log', entry, damage).append(0, { writer: 1, count: 1 })).toBeNull();
    });
  });
});

describe('a log and what does not belong to it', () => {
  const file = (root: string, number: number) => join(root, 'log', `${String(number).padStart(12, '0')}.json`);

  async function logOf(length: number) {
    const root = temporaryFolder();
    const log = openLog(openFileStore(root), 'log', entry, damage);
    for (let count = 1; count <= length; count++) await log.append(count - 1, { writer: 1, count });
    return { root, log };
  }

  it.each([
    'Thumbs.db',
    'desktop.ini',
    '000000000001.json~',
    '000000000001 (conflicted copy).json',
    '000000000007.json.bak',
    '0000000000099.json',
    '000000000000.json',
  ])('is not disturbed by %s, which verify reports', async stray => {
    const { root, log } = await logOf(2);
    writeFileSync(join(root, 'log', stray), '{}');
    for (const hint of ['with', 'without']) {
      if (hint === 'without') rmSync(join(root, 'head'));
      expect(await log.head()).toEqual({ number: 2, entry: { writer: 1, count: 2 } });
      expect(await log.verify()).toEqual([{ where: `log/${stray}`, what: expect.stringContaining('remove it') }]);
    }
    expect(await log.append(2, { writer: 1, count: 3 })).toMatchObject({ number: 3 });
  });

  it('finds the head without the hint, with an old one and with a torn one', async () => {
    const { root, log } = await logOf(3);
    const newest = readFileSync(join(root, 'head'));
    await log.append(3, { writer: 1, count: 4 });
    for (const hint of [newest, Buffer.alloc(0), newest.subarray(0, 20), null]) {
      if (hint === null) rmSync(join(root, 'head'));
      else writeFileSync(join(root, 'head'), hint);
      expect(await log.position()).toMatchObject({ number: 4 });
    }
    expect(await log.verify()).toEqual([]);
  });

  it.each([
    ['in the middle', 2, 'missing'],
    ['at the end', 4, 'once reached 4'],
  ])('refuses a gap %s, and names it', async (_, number, what) => {
    const { root, log } = await logOf(4);
    rmSync(file(root, number));
    expect((await codedBy(() => log.all())).message).toContain(file(root, number));
    expect(await log.verify()).toEqual([
      { where: expect.stringContaining(`${number}.json`), what: expect.stringContaining(what) },
    ]);
    rmSync(join(root, 'head'));
    if (number === 2) expect((await codedBy(() => log.head())).message).toContain(file(root, 2));
  });

  it('refuses an entry that was replaced by a whole one of another log', async () => {
    const { root, log } = await logOf(3);
    const other = await logOf(0);
    for (let count = 1; count <= 3; count++) await other.log.append(count - 1, { writer: 2, count });
    writeFileSync(file(root, 2), readFileSync(file(other.root, 2)));
    for (const read of [() => log.read(2), () => log.all()])
      expect((await codedBy(read)).message).toMatch(/00000000000[12]\.json is damaged/);
    expect(await log.verify()).not.toEqual([]);
    writeFileSync(file(root, 2), readFileSync(file(root, 3)));
    expect((await codedBy(() => log.read(2))).message).toContain('it holds entry 3');
    writeFileSync(file(root, 3), readFileSync(file(other.root, 3)));
    expect(await codeOf(() => log.head())).toBe('SCHEDULE_LOG_DAMAGED');
  });

  it('opens a constant number of files to read and to append to the head', async () => {
    const { root } = await logOf(40);
    const store = openFileStore(root);
    const opened: string[] = [];
    const counted: ArtifactStore = {
      ...store,
      async readIfThere(key) {
        opened.push(key);
        return await store.readIfThere(key);
      },
      async list(folder) {
        throw new Error(`listed ${folder}`);
      },
    };
    const log = openLog(counted, 'log', entry, damage);
    await log.head();
    expect(opened).toHaveLength(3);
    await log.append(40, { writer: 1, count: 41 });
    expect(opened).toHaveLength(6);
  });

  it('has at most 32 files open at once for reading', async () => {
    const { root } = await logOf(70);
    expect(readdirSync(join(root, 'log'))).toHaveLength(70);
    const store = openFileStore(root);
    let open = 0;
    let most = 0;
    const counted: ArtifactStore = {
      ...store,
      async readIfThere(key) {
        most = Math.max(most, ++open);
        return await store.readIfThere(key).finally(() => open--);
      },
    };
    const log = openLog(counted, 'log', entry, damage);
    expect(await log.all()).toHaveLength(70);
    expect(await log.verify()).toEqual([]);
    expect(most).toBe(32);
  });
});
