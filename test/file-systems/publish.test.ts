import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type * as FileSystem from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openFileStore } from '../../src/store/artifacts/file-store.ts';
import { probeFileSystem } from '../../src/store/artifacts/probe-file-system.ts';
import { publish } from '../../src/store/artifacts/publish.ts';
import { eventually } from '../eventually.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { codedBy, codeOf, thrownBy } from '../thrown.ts';

type Actual = typeof FileSystem;

/** What the file system does differently from this machine's. */
const odd = vi.hoisted(() => ({
  link: null as null | ((actual: () => Promise<void>) => Promise<void>),
  sync: null as null | ((isFolder: boolean) => void),
  write: null as null | (() => void),
  open: null as null | (() => void),
}));

vi.mock('node:fs/promises', async importOriginal => {
  const actual = await importOriginal<Actual>();
  const open: Actual['open'] = async (...parameters) => {
    odd.open?.();
    const file = await actual.open(...parameters);
    const isFolder = (await file.stat()).isDirectory();
    const sync = file.sync.bind(file);
    file.sync = async () => {
      odd.sync?.(isFolder);
      await sync();
    };
    const writeFile = file.writeFile.bind(file);
    file.writeFile = async (data, options) => {
      if (odd.write !== null && typeof data === 'string') await writeFile(data.slice(0, data.length / 2), options);
      odd.write?.();
      await writeFile(data, options);
    };
    return file;
  };
  const link: Actual['link'] = async (from, to) =>
    odd.link === null ? await actual.link(from, to) : await odd.link(() => actual.link(from, to));
  return { ...actual, open, link };
});

const failure = (code: string) => Object.assign(new Error(`${code}: made up`), { code });

afterEach(() => {
  odd.link = null;
  odd.sync = null;
  odd.write = null;
  odd.open = null;
});

describe.each(['EOPNOTSUPP', 'EPERM', 'ENOSYS', 'ENOTSUP'])('a file system whose link() fails with %s', code => {
  it('keeps the promises of a store', async () => {
    odd.link = async () => {
      throw failure(code);
    };
    const root = temporaryFolder();
    const ids = await Promise.all(Array.from({ length: 4 }, () => openFileStore(root).establish()));
    expect(new Set(ids).size).toBe(1);
    const texts = Array.from({ length: 12 }, (_, writer) => `${writer},`.repeat(5_000));
    const created = await Promise.all(texts.map(text => openFileStore(root).create('folder/key', text)));
    expect(created.filter(Boolean)).toHaveLength(1);
    expect(readFileSync(join(root, 'folder', 'key'), 'utf8')).toBe(texts[created.indexOf(true)]);
    expect(await openFileStore(root).create('folder/key', 'late')).toBe(false);
    expect(readdirSync(join(root, 'folder'))).toEqual(['key']);
  });
});

describe('without hard links', () => {
  /** A complete file, and the name that it is to have. */
  function toPublish() {
    odd.link = async () => {
      throw failure('EOPNOTSUPP');
    };
    const folder = temporaryFolder();
    writeFileSync(join(folder, '.new'), 'new');
    return { folder, temporary: join(folder, '.new'), path: join(folder, 'name'), claim: join(folder, '.claim-name') };
  }

  it('a claim of another writer is waited for', async () => {
    const { temporary, path, claim } = toPublish();
    writeFileSync(claim, 'another writer');
    let isOver = false;
    const published = publish(temporary, path).finally(() => {
      isOver = true;
    });
    writeFileSync(path, 'of the other writer');
    await eventually(() => isOver);
    expect(await published).toBe(false);
    expect(readFileSync(path, 'utf8')).toBe('of the other writer');
    expect(readFileSync(claim, 'utf8')).toBe('another writer');
  });

  it('a claim that a killed writer left is removed in the end', async () => {
    const { temporary, path, claim } = toPublish();
    writeFileSync(claim, 'a killed writer');
    let now = performance.now();
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 20_000));
    expect(await publish(temporary, path)).toBe(true);
    clock.mockRestore();
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(existsSync(claim)).toBe(false);
  });
});

describe('a link that NFS makes and reports as taken', () => {
  it('counts as made', async () => {
    const root = temporaryFolder();
    const artifacts = openFileStore(root);
    odd.link = async actual => {
      await actual();
      throw failure('EEXIST');
    };
    await artifacts.establish();
    expect(await artifacts.create('log/000000000001.json', 'ours')).toBe(true);
    expect(readdirSync(join(root, 'log'))).toEqual(['000000000001.json']);
  });

  it('of another writer does not', async () => {
    const root = temporaryFolder();
    const artifacts = openFileStore(root);
    await artifacts.establish();
    odd.link = async () => {
      mkdirSync(join(root, 'log'), { recursive: true });
      writeFileSync(join(root, 'log', 'x'), 'theirs');
      throw failure('EEXIST');
    };
    expect(await artifacts.create('log/x', 'ours')).toBe(false);
    expect((await artifacts.read('log/x')).toString()).toBe('theirs');
  });
});

describe('a sync', () => {
  it.each(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EBADF', 'EISDIR'])(
    'of a folder may fail with %s, which is reported',
    async code => {
      odd.sync = isFolder => {
        if (isFolder) throw failure(code);
      };
      const root = temporaryFolder();
      const artifacts = openFileStore(root);
      await artifacts.establish();
      expect(await artifacts.create('a/b', 'x')).toBe(true);
      expect(await probeFileSystem(root)).toEqual([expect.stringContaining('cannot sync folders')]);
    },
  );

  it.each(['EIO', 'ENOSPC'])('of a folder may not fail with %s', async code => {
    odd.sync = isFolder => {
      if (isFolder) throw failure(code);
    };
    expect(await codeOf(() => openFileStore(temporaryFolder()).create('a/b', 'x'))).toMatch(/^STORE_/);
  });

  it('of a file may not fail at all', async () => {
    odd.sync = isFolder => {
      if (!isFolder) throw failure('EINVAL');
    };
    const root = temporaryFolder();
    expect(await codeOf(() => openFileStore(root).create('a/b', 'x'))).toBe('STORE_UNWRITABLE');
    expect(readdirSync(join(root, 'a'))).toEqual([]);
  });
});

describe('a disk that is full in the middle of a write', () => {
  it.each(['ENOSPC', 'EDQUOT'])('(%s) leaves nothing behind, and says so', async code => {
    const root = temporaryFolder();
    const artifacts = openFileStore(root);
    await artifacts.establish();
    await artifacts.create('f/hint', 'old');
    odd.write = () => {
      throw failure(code);
    };
    for (const act of [
      () => artifacts.create('f/new', 'content'),
      () => artifacts.create('f/streamed', Readable.from(['one', 'two'])),
      () => artifacts.replace('f/hint', 'content'),
    ]) {
      const error = await codedBy(act);
      expect(error.code).toBe('STORE_UNWRITABLE');
      expect(error.message).toContain('make room');
    }
    odd.write = null;
    expect(readdirSync(join(root, 'f'))).toEqual(['hint']);
    expect((await artifacts.read('f/hint')).toString()).toBe('old');
  });
});

describe('too many open files', () => {
  it.each(['EMFILE', 'ENFILE', 'ESTALE', 'EINTR'])('(%s) is waited out', async code => {
    const artifacts = openFileStore(temporaryFolder());
    await artifacts.establish();
    let times = 4;
    odd.open = () => {
      if (times-- > 0) throw failure(code);
    };
    expect(await artifacts.create('a', 'x')).toBe(true);
    expect(times).toBeLessThanOrEqual(0);
  });

  it('for long is an error that is worth a retry', async () => {
    const artifacts = openFileStore(temporaryFolder());
    await artifacts.establish();
    odd.open = () => {
      throw failure('EMFILE');
    };
    const error = await thrownBy(() => artifacts.create('a', 'x'));
    expect(error).toMatchObject({ code: 'STORE_TROUBLE', verdict: 'retry' });
  });
});
