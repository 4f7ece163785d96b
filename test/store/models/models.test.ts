import { createHash } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RegistryEntry } from '../../../src/domain/skill-training/registry-entry.ts';
import { MlopsError } from '../../../src/errors.ts';
import { openFileStore } from '../../../src/store/artifacts/file-store.ts';
import { openModels } from '../../../src/store/models/models.ts';
import { at, bestThreshold, data, files, metrics } from '../../domain/skill-training/sample-events.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { codeOf, thrownBy } from '../../thrown.ts';

function open() {
  const root = temporaryFolder();
  return { root, models: openModels(openFileStore(root)), again: () => openModels(openFileStore(root)) };
}

function model(request: string, jobId = `job-${request}`): RegistryEntry {
  return {
    skillId: 'skill-1',
    jobId,
    request,
    at,
    metrics,
    bestThreshold,
    files: [...files],
    data,
    trainingDurationSeconds: 3,
    by: 'ann',
  };
}

async function* chunks(...texts: string[]) {
  for (const text of texts) yield Buffer.from(text);
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('the registry', () => {
  it('numbers the models in the order in which they come', async () => {
    const { models, again } = open();
    expect(await models.list()).toEqual([]);
    expect(await models.register(model('a'))).toBe(1);
    expect(await models.register(model('b'))).toBe(2);
    expect(await again().list()).toEqual([
      { number: 1, entry: model('a') },
      { number: 2, entry: model('b') },
    ]);
  });

  it('has one entry for a request, however many processes register it, and however often', async () => {
    const { models, again } = open();
    const requests = ['a', 'b', 'c'];
    const registered = await Promise.all(
      Array.from({ length: 6 }, () => again()).flatMap(each =>
        requests.map(async request => [request, await each.register(model(request))] as const),
      ),
    );
    const listed = await models.list();
    expect(listed.map(({ number }) => number)).toEqual([1, 2, 3]);
    expect(listed.map(({ entry }) => entry.request).sort()).toEqual(requests);
    for (const [request, number] of registered)
      expect(listed.find(each => each.number === number)?.entry.request).toBe(request);
    expect(await models.register({ ...model('a'), by: 'bob' })).toBe(
      listed.find(({ entry }) => entry.request === 'a')?.number,
    );
    expect(await models.list()).toEqual(listed);
  });

  it('sees what others have registered meanwhile', async () => {
    const { models, again } = open();
    await models.register(model('a'));
    await again().register(model('b'));
    expect((await models.list()).map(({ entry }) => entry.request)).toEqual(['a', 'b']);
    expect(await models.register(model('c'))).toBe(3);
  });

  it('that is damaged is said to be', async () => {
    const { root, models, again } = open();
    await models.register(model('a'));
    writeFileSync(join(root, 'models', 'log', '000000000001.json'), '{"skillId": 7}');
    expect(await codeOf(() => again().list())).toMatch(/DAMAGED/);
    expect(await codeOf(() => again().register(model('b')))).toMatch(/DAMAGED/);
  });
});

describe('a model’s file', () => {
  it('is kept whole, with its size and hash, and found again', async () => {
    const { root, models, again } = open();
    expect(await models.find('j', 'config')).toBeNull();
    const kept = await models.keep('j', 'config', chunks('one', 'two'));
    expect(kept).toEqual({ name: 'config', key: 'models/files/j/config', bytes: 6, sha256: sha256('onetwo') });
    expect(await again().find('j', 'config')).toEqual(kept);
    expect(readdirSync(join(root, 'models', 'files', 'j'))).toEqual(['config']);
  });

  it('that is there already stays, whoever comes with another', async () => {
    const { models } = open();
    const first = await models.keep('j', 'config', chunks('first'));
    expect(await models.keep('j', 'config', chunks('second'))).toEqual(first);
    const raced = await Promise.all(['a', 'bb', 'ccc'].map(text => models.keep('j', 'model-weights', chunks(text))));
    expect(new Set(raced.map(file => file.sha256)).size).toBe(1);
    expect(await models.find('j', 'model-weights')).toEqual(raced[0]);
  });

  it('of which the end does not come leaves nothing, and fails as its source does', async () => {
    const { root, models } = open();
    const error = new MlopsError('DOWNLOAD_BROKEN', 'it broke');
    async function* broken() {
      yield Buffer.from('some');
      throw error;
    }
    expect(await thrownBy(() => models.keep('j', 'config', broken()))).toBe(error);
    expect(await models.find('j', 'config')).toBeNull();
    expect(readdirSync(join(root, 'models', 'files', 'j'))).toEqual([]);
    expect((await models.keep('j', 'config', chunks('whole'))).bytes).toBe(5);
  });

  it.each(['../../etc/passwd', '.', 'a/b', 'x'.repeat(500), 'ä'])(
    'has a place of its own for the job %j',
    async jobId => {
      const { root, models } = open();
      const kept = await models.keep(jobId, 'config', chunks('x'));
      expect(kept.key).toMatch(/^models\/files\/sha256-[0-9a-f]{32}\/config$/);
      expect(readdirSync(root)).toEqual(['models']);
      expect(await models.find(jobId, 'config')).toEqual(kept);
      expect(await models.find(`${jobId}x`, 'config')).toBeNull();
    },
  );
});
