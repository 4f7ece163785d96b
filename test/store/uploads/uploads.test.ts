import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { MlopsError } from '../../../src/errors.ts';
import { openFileStore } from '../../../src/store/artifacts/file-store.ts';
import { openUploads } from '../../../src/store/uploads/uploads.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { codeOf, thrownBy } from '../../thrown.ts';

function opened() {
  const root = temporaryFolder();
  const store = openFileStore(root);
  return { root, store, uploads: openUploads(store) };
}

async function* chunked(content: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += size) yield content.subarray(at, at + size);
}

async function* failing(error: unknown): AsyncGenerator<Uint8Array> {
  yield Buffer.from('the first bytes');
  throw error;
}

describe('an upload', () => {
  it.each([0, 1, 300_000])('of %i bytes is given back as it was, with its size and hash', async size => {
    const { uploads } = opened();
    const content = randomBytes(size);
    const taken = await uploads.take('export.csv', chunked(content, 70_001));
    const sha256 = createHash('sha256').update(content).digest('hex');
    expect(taken).toMatchObject({ name: 'export.csv', bytes: size, sha256 });
    expect(await uploads.find(taken.ref)).toEqual(taken);
    expect(content.equals(await buffer(uploads.read(taken)))).toBe(true);
    expect(content.equals(await buffer(uploads.read(taken)))).toBe(true);
  });

  it('is another one each time, the same content too', async () => {
    const { uploads, store } = opened();
    const take = () => uploads.take('a.csv', chunked(Buffer.from('same'), 2));
    const taken = await Promise.all([take(), take(), take()]);
    expect(new Set(taken.map(({ ref }) => ref)).size).toBe(3);
    expect(await store.list('uploads')).toEqual(taken.map(({ ref }) => ref).sort());
  });

  it('whose source fails leaves nothing, and its error is thrown as it is', async () => {
    const { uploads, store } = opened();
    const coded = new MlopsError('BAD_INPUT', 'line 3');
    const plain = new Error('the line broke');
    expect(await thrownBy(() => uploads.take('a.csv', failing(coded)))).toBe(coded);
    expect(await thrownBy(() => uploads.take('a.csv', failing(plain)))).toBe(plain);
    expect(await store.list('uploads')).toEqual([]);
  });

  it('is none without its description: it was cut off', async () => {
    const { uploads, store } = opened();
    const { ref } = await uploads.take('a.csv', chunked(Buffer.from('content'), 3));
    await store.remove(`uploads/${ref}/upload.json`);
    expect(await uploads.find(ref)).toBeNull();
  });

  it.each(['', '../other', 'uploads', randomUUID(), `${randomUUID()}/../x`])('is none under %j', async ref => {
    expect(await opened().uploads.find(ref)).toBeNull();
  });

  it('that was damaged fails at the end of its reading, having given every byte', async () => {
    const { root, uploads } = opened();
    const taken = await uploads.take('a.csv', chunked(Buffer.from('intent_id,actual_label'), 5));
    const content = join(root, 'uploads', taken.ref, 'content');
    appendFileSync(content, '\n');
    const seen: Uint8Array[] = [];
    const read = async () => {
      for await (const chunk of uploads.read(taken)) seen.push(chunk);
    };
    expect(await codeOf(read)).toBe('ARTIFACT_DAMAGED');
    expect(Buffer.concat(seen).toString()).toBe('intent_id,actual_label\n');
    writeFileSync(content, 'intent_iD,actual_label');
    expect(await codeOf(read)).toBe('ARTIFACT_DAMAGED');
    writeFileSync(content, '');
    expect(await codeOf(read)).toBe('ARTIFACT_DAMAGED');
  });

  it('whose content is gone, or whose description does not parse, is named', async () => {
    const { root, store, uploads } = opened();
    const taken = await uploads.take('a.csv', chunked(Buffer.from('content'), 3));
    writeFileSync(join(root, 'uploads', taken.ref, 'upload.json'), '{"ref":1}');
    expect(await codeOf(() => uploads.find(taken.ref))).toBe('ARTIFACT_DAMAGED');
    await store.remove(`uploads/${taken.ref}/content`);
    expect(await codeOf(() => buffer(uploads.read(taken)))).toBe('ARTIFACT_MISSING');
  });
});
