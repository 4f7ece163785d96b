import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Manifest } from '../../../src/domain/dataset/manifest.ts';
import { openFileStore } from '../../../src/store/artifacts/file-store.ts';
import { bytesOf } from '../../../src/store/artifacts/floats.ts';
import { claimedIdsContent, openClaimedIds } from '../../../src/store/datasets/claimed-ids.ts';
import { type FileKind, fileKinds, jsonLines, openDatasets, parseLines } from '../../../src/store/datasets/datasets.ts';
import { keptGroups, readVectorsOf } from '../../../src/store/datasets/vectors.ts';
import { part, version } from '../../domain/dataset/version.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { codedBy, codeOf } from '../../thrown.ts';

function open() {
  const root = temporaryFolder();
  return { root, parts: join(root, 'datasets', 'demo', 'parts'), datasets: openDatasets(openFileStore(root)) };
}

describe('a part’s file', () => {
  it('is named by its content, and written twice is there once', async () => {
    const { datasets, parts } = open();
    const content = Buffer.from('some rows\n');
    const file = await datasets.writeFile('demo', 'kept', content);
    expect(await datasets.writeFile('demo', 'kept', content)).toEqual(file);
    expect(file.bytes).toBe(10);
    expect(readdirSync(parts)).toEqual([`${file.sha256}.kept.jsonl`]);
    expect((await datasets.readFile('demo', 'kept', file)).equals(content)).toBe(true);
  });

  it.each(fileKinds)('of the kind %s is named when it is damaged or missing', async (kind: FileKind) => {
    const { datasets, parts } = open();
    const file = await datasets.writeFile('demo', kind, Buffer.from('rows'));
    const [name = ''] = readdirSync(parts);
    writeFileSync(join(parts, name), 'rowz');
    const damaged = await codedBy(() => datasets.readFile('demo', kind, file));
    expect(damaged).toMatchObject({ code: 'DATASET_DAMAGED', where: join(parts, name) });
    expect(damaged.message).toContain(join(parts, name));
    rmSync(join(parts, name));
    const missing = await codedBy(() => datasets.readFile('demo', kind, file));
    expect(missing).toMatchObject({ code: 'DATASET_DAMAGED', where: join(parts, name) });
    expect(missing.message).toContain('missing');
  });
});

describe('the versions of a dataset', () => {
  it('are found by number, the newest without one', async () => {
    const { datasets } = open();
    expect(await datasets.head('demo')).toBeNull();
    const [first, second] = [version(), version({ nextGroup: 5, parts: [part(0, 5)] })];
    expect(await datasets.commit(0, first)).toEqual({ number: 1, entry: first });
    expect(await datasets.commit(1, second)).toEqual({ number: 2, entry: second });
    expect(await datasets.head('demo')).toEqual({ number: 2, entry: second });
    expect(await datasets.version('demo')).toEqual({ number: 2, entry: second });
    expect(await datasets.version('demo', 1)).toEqual({ number: 1, entry: first });
    expect((await datasets.versions('demo')).map(each => each.number)).toEqual([1, 2]);
    expect(await datasets.names()).toEqual(['demo']);
  });

  it('go to one of two writers', async () => {
    const { datasets } = open();
    const won = await Promise.all([datasets.commit(0, version()), datasets.commit(0, version({ nextGroup: 1 }))]);
    expect(won.filter(each => each !== null)).toHaveLength(1);
  });

  it('say which there are where one is asked for that there is not', async () => {
    const { datasets } = open();
    expect((await codedBy(() => datasets.version('demo'))).message).toContain('no dataset exists yet');
    await datasets.commit(0, version());
    expect((await codedBy(() => datasets.version('dmeo'))).message).toContain('demo');
    expect((await codedBy(() => datasets.version('demo', 2))).message).toContain('1 to 1');
    for (const number of [0, -1, 2, 1e9])
      expect(await codeOf(() => datasets.version('demo', number))).toBe('DATASET_NOT_FOUND');
  });
});

describe('the log of versions', () => {
  const counts = { interactions: 1234, turns: 0, kept: 0, removed: 0, alreadyTaken: 1234, withoutTurns: 0 };
  const quiet = { sendersMet: [], unknownWords: 0, belowRating: 0, unrated: 0, neverRated: 0, otherBots: 0 };

  it('grows by at most 600 bytes where a run finds nothing new, however many parts there are', async () => {
    const { datasets, root } = open();
    const parts = Array.from({ length: 500 }, (_, index) => part(index, 1, 0, `demo.${index}`));
    await datasets.commit(0, version({ parts, nextGroup: 500 }));
    const made: Manifest['made'] = {
      by: 'run',
      run: 'demo.00001234',
      counts: { ...counts, ...quiet, rejects: 0, erased: 0 },
      rejects: [],
    };
    const watermark = '2024-05-16T12:00:00.000Z';
    await datasets.commit(
      1,
      version({ parts, nextGroup: 500, made, watermark, sweptAt: watermark, lastRun: 'demo.00001234' }),
    );
    expect(statSync(join(root, 'datasets', 'demo', 'log', '000000000002.json')).size).toBeLessThanOrEqual(600);
    expect(statSync(join(root, 'datasets', 'demo', 'log', '000000000001.json')).size).toBeGreaterThan(100_000);
  });

  it('gives every version as it was, also in another process and from before a checkpoint', async () => {
    const { datasets, root } = open();
    const made: Manifest[] = [];
    for (let number = 1; number <= 300; number++) {
      const parts = made.at(-1)?.parts ?? [];
      const next = version({
        parts: number % 100 === 0 ? parts.slice(0, 2) : number % 10 === 0 ? [...parts, part(number, 1)] : parts,
        nextGroup: number,
        lastRun: `demo.${number}`,
      });
      made.push(next);
      await datasets.commit(number - 1, next);
    }
    const other = openDatasets(openFileStore(root));
    for (const number of [1, 9, 10, 99, 100, 255, 256, 257, 299, 300]) {
      expect((await other.version('demo', number)).entry).toEqual(made[number - 1]);
      expect((await other.summary('demo', number)).rows.kept).toBe(made[number - 1]?.parts.length);
    }
    expect(await other.verifyLog('demo')).toEqual([]);
    expect((await other.lastVersions('demo', 300, 3)).map(each => each.number)).toEqual([298, 299, 300]);
  });
});

describe('what a dataset holds', () => {
  async function filled() {
    const { datasets } = open();
    const row = (utterance: string) => ['c', '2024-05-15T12:00:00.000Z', 'b', 5, utterance, 'r'];
    const make = async (firstGroup: number, texts: string[], taken: string[]) => ({
      ...part(firstGroup, texts.length),
      kept: await datasets.writeFile('demo', 'kept', jsonLines(texts.map(row))),
      vectors: await datasets.writeFile(
        'demo',
        'vectors',
        bytesOf(Float32Array.from(texts.flatMap(text => [text.length, firstGroup]))),
      ),
      taken: await datasets.writeFile('demo', 'taken', claimedIdsContent(taken)),
    });
    const head = version({
      dimension: 2,
      parts: [await make(0, ['a', 'bb'], ['x', 'y']), await make(7, ['ccc', 'a'], ['y', 'z'])],
      nextGroup: 9,
    });
    return { datasets, head };
  }

  it('knows the interactions that were taken, in any part', async () => {
    const { datasets, head } = await filled();
    const isTaken = await datasets.claimedIds(head);
    expect(['x', 'y', 'z', 'a', ''].map(isTaken)).toEqual([true, true, true, false, false]);
    expect((await datasets.claimedIds(null))('x')).toBe(false);
  });

  it('reads each file of taken ids once, and forgets what a restore drops', async () => {
    const { datasets, head } = await filled();
    const reads: string[] = [];
    const claimed = openClaimedIds(async (dataset, file) => {
      reads.push(file.sha256);
      return await datasets.readFile(dataset, 'taken', file);
    });
    const first = { ...head, parts: head.parts.slice(0, 1) };
    expect(['x', 'z'].map(await claimed.of(first))).toEqual([true, false]);
    expect(['x', 'z'].map(await claimed.of(head))).toEqual([true, true]);
    expect(reads).toHaveLength(2);
    expect(['x', 'z'].map(await claimed.of(first))).toEqual([true, false]);
  });

  it('writes the taken ids in one order, each once', () => {
    expect(claimedIdsContent(['b', 'a', 'b']).equals(claimedIdsContent(['a', 'b']))).toBe(true);
    expect(claimedIdsContent(['a', 'b'])).toHaveLength(32);
    expect(claimedIdsContent([])).toHaveLength(0);
  });

  it('numbers the rows across a gap that a restore left', async () => {
    const { datasets, head } = await filled();
    const vectors: number[] = [];
    for (const each of head.parts) vectors.push(...(await readVectorsOf(datasets, 'demo', each)));
    expect(vectors).toEqual([1, 0, 2, 0, 3, 7, 1, 7]);
    expect([0, 1, 2, 3, 4].map(keptGroups(head))).toEqual([0, 1, 7, 8, -1]);
  });
});

describe('JSON lines', () => {
  it('give back what was written, line ends in texts included', () => {
    const values = ['a\nb', '', '\u2028', '"', 'ü'];
    expect(parseLines(jsonLines(values), z.string())).toEqual(values);
    expect(parseLines(Buffer.alloc(0), z.string())).toEqual([]);
  });
});
