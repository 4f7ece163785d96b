import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { planBatches } from '../../src/compute/embedding/batches.ts';
import { type Embedder, hashModel, openEmbedder } from '../../src/compute/embedding/embedder.ts';
import { vendoredModel } from '../../src/compute/embedding/model.ts';
import { loadTokenizer, type Tokenizer } from '../../src/compute/embedding/tokenizer.ts';

const dimension = 384;
const golden = readGolden();
const texts = golden.map(({ text }) => text);

let embedder: Embedder;
/** The golden texts' vectors, embedded in one call. */
let vectors: Float32Array;

beforeAll(async () => {
  embedder = await openEmbedder();
  vectors = await embedder.embed(texts);
});

afterAll(() => embedder.close());

describe('tokens', () => {
  let tokenizer: Tokenizer;
  beforeAll(async () => {
    tokenizer = await loadTokenizer({ path: vendoredModel(), maxPositions: 512 });
  });

  it('are those of the reference', () => {
    const known = golden.filter(({ tokenIds }) => tokenIds !== null);
    expect(known).toHaveLength(249);
    expect(known.map(({ text }) => tokenizer(text))).toEqual(known.map(({ tokenIds }) => tokenIds));
  });

  it('are cut at 256, the closing one kept, and what is cut off changes nothing', () => {
    const [opening, word, closing] = tokenizer('word');
    const cut = [opening, ...Array(254).fill(word), closing];
    expect(tokenizer('word '.repeat(254))).toEqual(cut);
    expect(tokenizer('word '.repeat(255))).toEqual(cut);
    expect(tokenizer(`${'word '.repeat(254)}${'other\n'.repeat(20_000)}`)).toEqual(cut);
  });

  it.each([
    ['blanks', ' '.repeat(100_000), 2],
    ['one word', 'a'.repeat(100_000), 3],
    ['no blank', '.'.repeat(100_000), 256],
    ['blanks, then words', `${' '.repeat(100_000)}two words`, 4],
  ])('of a text of 100 kB: %s', (_, text, count) => {
    expect(tokenizer(text)).toHaveLength(count);
  });
});

it('says of which texts the model knows a word', async () => {
  const some = ['hello', 'สวัสดี', '😀 👍', '😀 yes!', '', 'x'.repeat(200), '日', 'ΚΩΔΙΚΟΣ'];
  expect(await embedder.knows(some)).toEqual([true, false, false, true, false, false, true, true]);
  expect(await embedder.knows([])).toEqual([]);
});

describe('vectors', () => {
  it('are those of the reference', () => {
    const cosines = golden.map(({ vector }, i) => cosine(vector, vectorAt(vectors, i)));
    expect(Math.min(...cosines)).toBeGreaterThan(0.99999);
  });

  it('have unit length', () => {
    for (let i = 0; i < texts.length; i++) expect(Math.hypot(...vectorAt(vectors, i))).toBeCloseTo(1, 6);
  });

  it.each([
    ['alone', 1],
    ['in small batches', 64],
    ['in large, padded batches', 4096],
  ])('are bit for bit the same %s', async (_, tokenBudget) => {
    const other = await openEmbedder({ tokenBudget });
    expect(bits(await other.embed(texts))).toEqual(bits(vectors));
    await other.close();
  });

  it('are bit for bit the same on one core', async () => {
    const other = await openEmbedder({ sessions: 1 });
    expect(bits(await other.embed(texts))).toEqual(bits(vectors));
    await other.close();
  });

  it('are bit for bit the same among any other texts, in any order', async () => {
    const choice = fc.array(fc.nat({ max: texts.length - 1 }), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(choice, async places => {
        const some = await embedder.embed(places.map(place => texts[place] ?? ''));
        places.forEach((place, i) => {
          expect(bits(vectorAt(some, i))).toEqual(bits(vectorAt(vectors, place)));
        });
      }),
      { numRuns: 15 },
    );
  });

  it('exist for every string', async () => {
    const odd = ['', '   ', '\ud800', 'a\udc00b', '\u0000', 'word '.repeat(20_000), '[MASK] [SEP]', 'İ'.repeat(300)];
    const result = await embedder.embed(odd);
    expect(result).toHaveLength(odd.length * dimension);
    for (let i = 0; i < odd.length; i++) expect(Math.hypot(...vectorAt(result, i))).toBeCloseTo(1, 6);
  });

  it('are computed once for texts with equal token ids', async () => {
    const before = embedder.stats;
    const done: number[] = [];
    const same = ['Hello there', 'HELLO  there', 'hello there ', 'other', 'hello there'];
    const result = await embedder.embed(same, { onProgress: count => done.push(count) });
    expect(embedder.stats.texts - before.texts).toBe(5);
    expect(embedder.stats.sequences - before.sequences).toBe(2);
    expect(done.at(-1)).toBe(5);
    for (const i of [1, 2, 4]) expect(bits(vectorAt(result, i))).toEqual(bits(vectorAt(result, 0)));
    expect(bits(vectorAt(result, 3))).not.toEqual(bits(vectorAt(result, 0)));
  });

  it('of no texts are none', async () => {
    expect(await embedder.embed([])).toHaveLength(0);
  });
});

describe('calls', () => {
  it('run beside each other', async () => {
    const parts = [texts.slice(0, 30), texts.slice(30, 31), texts.slice(31, 80)];
    const results = await Promise.all(parts.map(part => embedder.embed(part)));
    expect(bits(results.flatMap(result => [...result]))).toEqual(bits(vectors.slice(0, 80 * dimension)));
  });

  it('leave the event loop free', async () => {
    let working = true;
    let turns = 0;
    const count = () => {
      turns++;
      if (working) setImmediate(count);
    };
    setImmediate(count);
    const before = embedder.stats.batches;
    await embedder.embed(texts);
    working = false;
    // An embedder that infers on this loop gives it a few turns a batch.
    expect(turns).toBeGreaterThan(100 * (embedder.stats.batches - before));
  });

  it('stop when aborted', async () => {
    const abort = new AbortController();
    const reason = new Error('enough');
    const done: number[] = [];
    const call = embedder.embed(texts, {
      signal: abort.signal,
      onProgress: count => {
        done.push(count);
        abort.abort(reason);
      },
    });
    await expect(call).rejects.toBe(reason);
    expect(done).toHaveLength(1);
    expect(done[0]).toBeLessThan(texts.length);
    expect(bits(await embedder.embed(texts.slice(0, 3)))).toEqual(bits(vectors.slice(0, 3 * dimension)));
  });

  it('stop when aborted before their turn, or before they are made', async () => {
    const abort = new AbortController();
    const first = embedder.embed(texts.slice(0, 20));
    const second = embedder.embed(texts, { signal: abort.signal });
    abort.abort();
    await expect(second).rejects.toThrow('aborted');
    await expect(embedder.embed(texts, { signal: abort.signal })).rejects.toThrow('aborted');
    expect(await first).toHaveLength(20 * dimension);
  });

  it('end with the embedder', async () => {
    const other = await openEmbedder();
    const calls = [other.embed(texts), other.embed(texts)];
    const outcomes = Promise.allSettled(calls);
    await other.close();
    const aborted = { status: 'rejected', reason: expect.objectContaining({ code: 'ABORTED' }) };
    expect(await outcomes).toEqual([aborted, aborted]);
    await expect(other.embed(['x'])).rejects.toMatchObject({ code: 'ABORTED' });
    await other.close();
  });

  it('fail when the thread dies, and the next one starts another', async () => {
    const workers: Worker[] = [];
    const note = (worker: Worker) => workers.push(worker);
    process.on('worker', note);
    const other = await openEmbedder();
    await other.embed(['x']);
    // The thread tokenizes while it is ended: one that is ended inside of the native runtime takes the process with it.
    const call = other.knows(Array.from({ length: 50_000 }, (_, i) => `${i} 日本`));
    const before = workers.length;
    setImmediate(() => workers[0]?.terminate());
    await expect(call).rejects.toMatchObject({ code: 'EMBEDDER_CRASHED', verdict: 'retry' });
    expect(bits(await other.embed(texts.slice(0, 2)))).toEqual(bits(vectors.slice(0, 2 * dimension)));
    expect(workers).toHaveLength(before + 1);
    process.off('worker', note);
    await other.close();
  });
});

describe('the model', () => {
  const files = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'onnx/model_fp16.onnx'];
  const all = [...files, 'special_tokens_map.json', 'SHA256SUMS'];
  let folder: string;

  const copyModel = (names: readonly string[]) => {
    folder = mkdtempSync(join(tmpdir(), 'model-'));
    mkdirSync(join(folder, 'onnx'));
    for (const name of names) symlinkSync(join(vendoredModel(), name), join(folder, name));
  };
  const replace = (name: string, content: string) => {
    rmSync(join(folder, name));
    writeFileSync(join(folder, name), content);
  };
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('has a hash that does not depend on its place, nor on the checksums beside it', async () => {
    copyModel(files);
    expect(await hashModel(folder)).toBe(embedder.modelHash);
    expect(await hashModel()).toBe(embedder.modelHash);
    expect(embedder.modelHash).toMatch(/^[0-9a-f]{64}$/);
    replace('tokenizer_config.json', '{"model_max_length": 128}');
    expect(await hashModel(folder)).not.toBe(embedder.modelHash);
  });

  it('is hashed once, until one of its files changes', async () => {
    copyModel(files);
    const known = new Map<string, string>();
    const hashes = {
      find: async (fingerprint: string) => known.get(fingerprint) ?? null,
      note: async (fingerprint: string, hash: string) => void known.set(fingerprint, hash),
    };
    expect(await hashModel(folder, hashes)).toBe(embedder.modelHash);
    expect([...known.values()]).toEqual([embedder.modelHash]);
    for (const fingerprint of known.keys()) known.set(fingerprint, 'remembered');
    expect(await hashModel(folder, hashes)).toBe('remembered');
    replace('tokenizer_config.json', '{"model_max_length": 128}');
    expect(await hashModel(folder, hashes)).toMatch(/^[0-9a-f]{64}$/);
    expect(known.size).toBe(2);
  });

  it('is loaded from another folder', async () => {
    copyModel(files);
    const other = await openEmbedder({ modelPath: folder });
    expect(other.dimension).toBe(dimension);
    expect(bits(await other.embed(texts.slice(0, 3)))).toEqual(bits(vectors.slice(0, 3 * dimension)));
    await other.close();
  });

  it.each(all.filter(name => name !== 'SHA256SUMS'))('with a damaged %s is refused', async name => {
    copyModel(all);
    rmSync(join(folder, name));
    cpSync(join(vendoredModel(), name), join(folder, name));
    const content = await readFile(join(folder, name));
    content[content.length >> 1] = (content[content.length >> 1] ?? 0) ^ 1;
    writeFileSync(join(folder, name), content);
    const where = join(folder, name);
    await expect(openEmbedder({ modelPath: folder })).rejects.toMatchObject({ code: 'MODEL_DAMAGED', where });
    await expect(hashModel(folder)).rejects.toMatchObject({ code: 'MODEL_DAMAGED', where });
  });

  it('with damaged checksums is refused', async () => {
    copyModel(all);
    replace('SHA256SUMS', 'no checksum\n');
    await expect(hashModel(folder)).rejects.toMatchObject({ code: 'MODEL_DAMAGED', where: join(folder, 'SHA256SUMS') });
  });

  it.each(files)('without %s is not found', async name => {
    copyModel(all.filter(other => other !== name));
    await expect(openEmbedder({ modelPath: folder })).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      where: join(folder, name),
      message: expect.stringContaining('MODEL_PATH'),
    });
  });

  it('that is none is refused when it is loaded', async () => {
    copyModel(files);
    replace('onnx/model_fp16.onnx', 'no network');
    const other = await openEmbedder({ modelPath: folder });
    await expect(other.embed(['x'])).rejects.toMatchObject({ code: 'MODEL_DAMAGED' });
    await other.close();
  });

  it('in the package has the files that its checksums name', () => {
    const names = readFileSync(join(vendoredModel(), 'SHA256SUMS'), 'utf8').trim().split('\n');
    expect(names.map(line => line.slice(66)).sort()).toEqual([...files, 'special_tokens_map.json'].sort());
    expect(existsSync(join(vendoredModel(), 'LICENSE'))).toBe(true);
  });
});

describe('batches', () => {
  it('hold every sequence once, neighbours in length, within the budget', () => {
    const lengths = fc.array(fc.integer({ min: 2, max: 256 }), { maxLength: 200 });
    fc.assert(
      fc.property(lengths, fc.integer({ min: 1, max: 1024 }), (lengths, budget) => {
        const batches = planBatches(lengths, budget);
        const order = batches.flat();
        expect([...order].sort((a, b) => a - b)).toEqual([...lengths.keys()]);
        const walked = order.map(place => lengths[place] ?? 0);
        expect(walked).toEqual([...walked].sort((a, b) => b - a));
        for (const batch of batches) {
          const padded = batch.length * Math.max(...batch.map(place => lengths[place] ?? 0));
          expect(batch.length === 1 || padded <= budget).toBe(true);
        }
      }),
    );
  });
});

interface Golden {
  readonly text: string;
  readonly tokenIds: readonly number[] | null;
  readonly vector: Float32Array;
}

function readGolden(): Golden[] {
  const fixtures = new URL('./fixtures/', import.meta.url);
  const lines = readFileSync(new URL('minilm.jsonl', fixtures), 'utf8').trim().split('\n');
  const packed = readFileSync(new URL('minilm.vectors.i16', fixtures));
  return lines.map((line, row) => {
    const { text, tokenIds }: Omit<Golden, 'vector'> = JSON.parse(line);
    const vector = Float32Array.from({ length: dimension }, (_, i) => packed.readInt16LE(2 * (row * dimension + i)));
    return { text, tokenIds, vector };
  });
}

function vectorAt(vectors: Float32Array, row: number): Float32Array {
  return vectors.subarray(row * dimension, (row + 1) * dimension);
}

/** Compared as bytes: -0 is not 0 there, and a large difference is reported in a line. */
function bits(vectors: ArrayLike<number>): string {
  return Buffer.from(Float32Array.from(vectors).buffer).toString('base64');
}

function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0) / (Math.hypot(...a) * Math.hypot(...b));
}
