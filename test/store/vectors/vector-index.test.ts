import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openFileStore } from '../../../src/store/artifacts/file-store.ts';
import { decodeTextVectors, encodeTextVectors, textHash } from '../../../src/store/vectors/text-vectors.ts';
import { openVectorIndex } from '../../../src/store/vectors/vector-index.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const dimension = 3;
const model = 'f'.repeat(64);

function keyOf(number: number): string {
  return createHash('sha256').update(String(number)).digest().toString('latin1', 0, 16);
}

function vectorOf(number: number): Float32Array {
  return Float32Array.of(number, number / 2, -number);
}

function some(from: number, to: number): Map<string, Float32Array> {
  return new Map(Array.from({ length: to - from }, (_, index) => [keyOf(from + index), vectorOf(from + index)]));
}

function opened() {
  const root = temporaryFolder();
  const open = () => openVectorIndex(openFileStore(root), model, dimension);
  return { open, index: open(), folder: join(root, 'vectors', model.slice(0, 32)) };
}

const filesOf = (folder: string, ending: string) => readdirSync(folder).filter(name => name.endsWith(ending));

test('finds what any process has added, and nothing else', async () => {
  const { open, index } = opened();
  expect(await index.find([keyOf(1)])).toEqual(new Map());
  await index.add(some(0, 100));
  const other = open();
  expect(await other.find([keyOf(7), keyOf(99), keyOf(100)])).toEqual(
    new Map([7, 99].map(number => [keyOf(number), vectorOf(number)])),
  );
  await other.add(some(50, 150));
  expect(await index.find([keyOf(149)])).toEqual(new Map([[keyOf(149), vectorOf(149)]]));
});

test('adding the same again writes nothing', async () => {
  const { index, folder } = opened();
  await index.add(some(0, 20));
  const before = readdirSync(folder);
  await index.add(some(5, 15));
  expect(readdirSync(folder)).toEqual(before);
});

test('many small segments become few, and all stays found', async () => {
  const { open, index, folder } = opened();
  for (let run = 0; run < 70; run++) await index.add(some(run * 3, run * 3 + 3));
  expect(filesOf(folder, '.keys').length).toBeLessThan(16);
  expect(filesOf(folder, '.vectors')).toHaveLength(filesOf(folder, '.keys').length);
  const all = Array.from({ length: 210 }, (_, number) => number);
  expect(await open().find(all.map(keyOf))).toEqual(some(0, 210));
  expect(await index.find(all.map(keyOf))).toEqual(some(0, 210));
});

test('a damaged vector counts as missing, the others do not, also after a merge', async () => {
  const { open, index, folder } = opened();
  await index.add(some(0, 30));
  const [name = ''] = filesOf(folder, '.vectors');
  const bytes = readFileSync(join(folder, name));
  bytes.writeUInt8(bytes.readUInt8(20) ^ 1, 20);
  writeFileSync(join(folder, name), bytes);
  const keys = [...some(0, 30).keys()];
  expect((await open().find(keys)).size).toBe(29);
  for (let run = 1; run < 8; run++) await index.add(some(run * 30, run * 30 + 30));
  expect(filesOf(folder, '.keys')).toHaveLength(1);
  expect((await open().find([...some(0, 240).keys()])).size).toBe(239);
});

test('a segment whose files are damaged or gone counts as missing', async () => {
  const { open, index, folder } = opened();
  await index.add(some(0, 10));
  const [keys = ''] = filesOf(folder, '.keys');
  const [vectors = ''] = filesOf(folder, '.vectors');
  rmSync(join(folder, vectors));
  expect((await open().find([keyOf(1)])).size).toBe(0);
  writeFileSync(join(folder, keys), 'nothing');
  expect((await open().find([keyOf(1)])).size).toBe(0);
});

test('a file of texts and vectors is read as it was written', () => {
  const made = {
    hashes: ['a', 'b', 'c'].map(textHash),
    rowOf: Int32Array.of(0, 1, 0),
    keys: [keyOf(0), keyOf(1)],
    vectors: Float32Array.of(1, 2, 3, 4, 5, 6),
  };
  const bytes = encodeTextVectors(made, dimension);
  expect(decodeTextVectors(bytes)).toEqual(made);
  expect(decodeTextVectors(bytes.subarray(0, -1))).toBeNull();
  expect(decodeTextVectors(Buffer.from('nothing'))).toBeNull();
});
