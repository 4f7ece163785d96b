import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openFileStore } from '../../../src/store/artifacts/file-store.ts';
import { openSealing } from '../../../src/store/sealing/sealing.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { codeOf } from '../../thrown.ts';

async function tenant() {
  const folder = temporaryFolder();
  const store = openFileStore(folder);
  await store.establish();
  return { folder, store };
}

test('what is sealed opens again for the same purpose, in another process as well', async () => {
  const { store } = await tenant();
  const sealed = (await openSealing(store)()).seal('answer', 'my card is 4111 · 🂡');
  const other = await openSealing(store)();
  expect(other.open('answer', sealed)).toBe('my card is 4111 · 🂡');
  expect(other.open('payload', sealed)).toBeNull();
  expect(sealed).not.toContain('card');
  expect(other.seal('answer', 'my card is 4111 · 🂡')).not.toBe(sealed);
});

test('no changed byte opens, nor a value of another tenant, nor a piece of one', async () => {
  const { store } = await tenant();
  const sealing = await openSealing(store)();
  const sealed = sealing.seal('answer', 'refund');
  const bytes = Buffer.from(sealed, 'base64url');
  for (let index = 0; index < bytes.byteLength; index++) {
    const changed = Buffer.from(bytes);
    changed[index] = (changed[index] ?? 0) ^ 1;
    expect(sealing.open('answer', changed.toString('base64url'))).toBeNull();
  }
  for (let length = 0; length < bytes.byteLength; length++)
    expect(sealing.open('answer', bytes.subarray(0, length).toString('base64url'))).toBeNull();
  const stranger = await openSealing((await tenant()).store)();
  expect(stranger.open('answer', sealed)).toBeNull();
  expect(stranger.hash('key', 'refund')).not.toBe(sealing.hash('key', 'refund'));
});

test('the keyed hash depends on the purpose and the text alone', async () => {
  const { store } = await tenant();
  const [one, other] = [await openSealing(store)(), await openSealing(store)()];
  expect(one.hash('key', 'refund')).toMatch(/^[\w-]{43}$/);
  expect(one.hash('key', 'refund')).toBe(other.hash('key', 'refund'));
  expect(one.hash('key', 'refund ')).not.toBe(one.hash('key', 'refund'));
  expect(one.hash('batch', 'refund')).not.toBe(one.hash('key', 'refund'));
});

test('of processes that start at once, all have one secret, which only its user can read', async () => {
  const { folder, store } = await tenant();
  const opened = await Promise.all(Array.from({ length: 16 }, () => openSealing(store)()));
  expect(new Set(opened.map(sealing => sealing.hash('key', 'text'))).size).toBe(1);
  expect((await stat(join(folder, 'tenant', 'secret'))).mode & 0o777).toBe(0o600);
});

test('a damaged secret is refused, and read again once it is restored', async () => {
  const { folder, store } = await tenant();
  await openSealing(store)();
  const place = join(folder, 'tenant', 'secret');
  const whole = await readFile(place, 'utf8');
  await writeFile(place, whole.slice(0, 10));
  const sealing = openSealing(store);
  expect(await codeOf(sealing)).toBe('ARTIFACT_DAMAGED');
  await writeFile(place, whole);
  expect((await sealing()).hash('key', 'text')).toMatch(/^[\w-]{43}$/);
});
