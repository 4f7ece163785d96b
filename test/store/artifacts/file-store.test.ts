import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { folderOf, openFileStore } from '../../../src/store/artifacts/file-store.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { codedBy, codeOf, thrownBy } from '../../thrown.ts';

function store() {
  const root = temporaryFolder();
  return { root, store: openFileStore(root) };
}

describe('create', () => {
  it('writes texts, bytes and streams', async () => {
    const { store: artifacts } = store();
    const chunks = ['one ', 'two ', 'three'];
    expect(await artifacts.create('a/b/text', 'täxt')).toBe(true);
    expect(await artifacts.create('bytes', Uint8Array.of(0, 255, 10))).toBe(true);
    expect(await artifacts.create('stream', Readable.from(chunks.map(chunk => Buffer.from(chunk))))).toBe(true);
    expect((await artifacts.read('a/b/text')).toString()).toBe('täxt');
    expect([...(await artifacts.read('bytes'))]).toEqual([0, 255, 10]);
    expect((await artifacts.read('stream')).toString()).toBe('one two three');
  });

  it('lets one of twenty writers win, whole', async () => {
    const { store: artifacts, root } = store();
    const texts = Array.from({ length: 20 }, (_, writer) => `${writer},`.repeat(20_000));
    const created = await Promise.all(texts.map(text => openFileStore(root).create('folder/key', text)));
    expect(created.filter(Boolean)).toHaveLength(1);
    expect((await artifacts.read('folder/key')).toString()).toBe(texts[created.indexOf(true)]);
    expect(readdirSync(join(root, 'folder'))).toEqual(['key']);
  });

  it('never replaces what is there', async () => {
    const { store: artifacts } = store();
    await artifacts.create('key', 'first');
    expect(await artifacts.create('key', 'second')).toBe(false);
    expect((await artifacts.read('key')).toString()).toBe('first');
  });

  it('shows nothing before the last byte, and leaves nothing behind when a stream breaks', async () => {
    const { store: artifacts, root } = store();
    const seen: string[] = [];
    async function* broken() {
      yield Buffer.alloc(100_000);
      seen.push(...(await artifacts.list('folder')));
      expect(await artifacts.readIfThere('folder/key')).toBeNull();
      throw new Error('the source broke');
    }
    const error = await thrownBy(() => artifacts.create('folder/key', Readable.from(broken())));
    expect(error).toMatchObject({ message: 'the source broke' });
    expect(seen).toEqual([]);
    expect(readdirSync(join(root, 'folder'))).toEqual([]);
    expect(await artifacts.create('folder/key', 'again')).toBe(true);
  });

  it('says which path cannot be written, and why', async () => {
    const { store: artifacts, root } = store();
    writeFileSync(join(root, 'file'), 'in the way');
    for (const key of ['file/below', 'file/further/below']) {
      const error = await codedBy(() => artifacts.create(key, 'x'));
      expect(error.code).toBe('STORE_UNWRITABLE');
      expect(error.message).toContain(join(root, key));
      expect(error.message).toContain('is a file, not a folder');
    }
    expect(readFileSync(join(root, 'file'), 'utf8')).toBe('in the way');
    expect(await codeOf(() => openFileStore(join(root, 'file')).create('key', 'x'))).toBe('STORE_UNWRITABLE');
  });
});

describe('keys', () => {
  it.each(['', '/', '/etc/passwd', '..', '../outside', 'a/../../b', 'a/./b', 'a//b', 'a/', '.hidden', 'a/.b'])(
    '%j is none',
    async key => {
      const { store: artifacts, root } = store();
      const acts = [
        () => artifacts.create(key, 'x'),
        () => artifacts.read(key),
        () => artifacts.readIfThere(key),
        () => artifacts.exists(key),
        () => artifacts.list(key),
        () => artifacts.remove(key),
        () => artifacts.stream(key),
      ];
      for (const act of acts) expect(await codeOf(act)).toBe('INTERNAL');
      expect(existsSync(root)).toBe(true);
    },
  );

  it('with a NUL or a name too long end as store errors, outside nothing', async () => {
    const { store: artifacts } = store();
    expect(await codeOf(() => artifacts.create('x'.repeat(300), 'x'))).toMatch(/^STORE_/);
  });
});

describe('reading', () => {
  it('says what is missing', async () => {
    const { store: artifacts, root } = store();
    const error = await codedBy(() => artifacts.read('no/where'));
    expect(error).toMatchObject({ code: 'ARTIFACT_MISSING', where: join(root, 'no/where') });
    expect(await codeOf(() => buffer(artifacts.stream('no/where')))).toBe('ARTIFACT_MISSING');
    expect(await artifacts.readIfThere('no/where')).toBeNull();
    expect(await artifacts.exists('no/where')).toBe(false);
  });

  it('takes a key below a file as missing', async () => {
    const { store: artifacts } = store();
    await artifacts.create('file', 'x');
    expect(await codeOf(() => artifacts.read('file/below'))).toBe('ARTIFACT_MISSING');
    expect(await artifacts.list('file')).toEqual([]);
  });

  it('says what cannot be read', async () => {
    const { store: artifacts, root } = store();
    mkdirSync(join(root, 'folder'));
    expect(await codeOf(() => artifacts.read('folder'))).toBe('STORE_UNREADABLE');
    expect(await codeOf(() => buffer(artifacts.stream('folder')))).toBe('STORE_UNREADABLE');
  });

  it('streams what was written', async () => {
    const { store: artifacts } = store();
    const content = Buffer.alloc(300_000, 'abc');
    await artifacts.create('key', content);
    expect((await buffer(artifacts.stream('key'))).equals(content)).toBe(true);
  });

  it('lists names in order, without those of writers under way', async () => {
    const { store: artifacts, root } = store();
    for (const key of ['f/b', 'f/a', 'f/c/d']) await artifacts.create(key, '');
    writeFileSync(join(root, 'f', '.under-way'), '');
    expect(await artifacts.list('f')).toEqual(['a', 'b', 'c']);
    expect(await artifacts.list('none')).toEqual([]);
  });

  it('removes a key or a folder, and minds nothing there', async () => {
    const { store: artifacts } = store();
    await artifacts.create('f/a', '');
    await artifacts.create('f/b', '');
    await artifacts.remove('f/a');
    expect(await artifacts.list('f')).toEqual(['b']);
    await artifacts.remove('f');
    await artifacts.remove('f');
    expect(await artifacts.list('f')).toEqual([]);
  });
});

describe('folderOf', () => {
  it('reads file: URLs, relative ones from the working folder', async () => {
    expect(folderOf('file:///var/a%20b')).toBe('/var/a b');
    expect(folderOf('file:./data')).toBe(join(process.cwd(), 'data'));
    expect(await codeOf(() => folderOf('s3://bucket/x'))).toBe('BAD_CONFIG');
  });
});

describe('a store and its root', () => {
  const acts = (artifacts: ReturnType<typeof openFileStore>) => ({
    create: () => artifacts.create('a/b', 'x'),
    replace: () => artifacts.replace('a/b', 'x'),
    remove: () => artifacts.remove('a'),
  });

  it('is made by establish alone, once, whoever asks', async () => {
    const root = join(temporaryFolder(), 'new', 'store');
    for (const act of Object.values(acts(openFileStore(root)))) expect(await codeOf(act)).toBe('STORE_UNREADABLE');
    expect(existsSync(join(root, '..'))).toBe(false);
    const ids = await Promise.all(Array.from({ length: 5 }, () => openFileStore(root).establish()));
    expect(new Set(ids).size).toBe(1);
    expect(await openFileStore(root).id()).toBe(ids[0]);
    expect(await openFileStore(root).create('a/b', 'x')).toBe(true);
  });

  it('is not written to, and not read as empty, once it is gone or another one', async () => {
    const root = join(temporaryFolder(), 'store');
    const artifacts = openFileStore(root);
    await artifacts.establish();
    await artifacts.create('a/b', 'x');
    const aside = `${root}-aside`;
    renameSync(root, aside);

    const looks = {
      ...acts(artifacts),
      read: () => artifacts.read('a/b'),
      readIfThere: () => artifacts.readIfThere('a/b'),
      exists: () => artifacts.exists('a/b'),
      list: () => artifacts.list('a'),
      about: () => artifacts.about('a/b'),
      id: () => artifacts.id(),
    };
    for (const [name, look] of Object.entries(looks)) expect(await codeOf(look), name).toBe('STORE_UNREADABLE');
    expect(existsSync(root)).toBe(false);
    mkdirSync(root);
    for (const [name, look] of Object.entries(looks)) expect(await codeOf(look), name).toBe('STORE_UNREADABLE');
    expect(readdirSync(root)).toEqual([]);
    await openFileStore(root).establish();
    for (const [name, look] of Object.entries(looks)) expect(await codeOf(look), name).toBe('STORE_UNREADABLE');

    rmSync(root, { recursive: true });
    renameSync(aside, root);
    expect((await artifacts.read('a/b')).toString()).toBe('x');
    expect(await artifacts.create('a/c', 'y')).toBe(true);
  });

  it('is private, whatever the umask, and says what is not', async () => {
    const before = process.umask(0);
    try {
      const root = join(temporaryFolder(), 'store');
      const artifacts = openFileStore(root);
      await artifacts.establish();
      await artifacts.create('a/b/c', 'x');
      await artifacts.replace('a/head', 'x');
      const mode = (...parts: string[]) => (statSync(join(root, ...parts)).mode & 0o777).toString(8);
      expect([mode(), mode('a'), mode('a', 'b')]).toEqual(['700', '700', '700']);
      expect([mode('tenant', 'store-id'), mode('a', 'b', 'c'), mode('a', 'head')]).toEqual(['600', '600', '600']);
      expect(await artifacts.openToOthers()).toBeNull();
      chmodSync(join(root, 'a'), 0o750);
      expect(await artifacts.openToOthers()).toBe(join(root, 'a'));
    } finally {
      process.umask(before);
    }
  });

  it('replaces a hint whole', async () => {
    const { store: artifacts, root } = store();
    await artifacts.replace('f/hint', 'one');
    await artifacts.replace('f/hint', 'two');
    expect((await artifacts.read('f/hint')).toString()).toBe('two');
    expect(readdirSync(join(root, 'f'))).toEqual(['hint']);
  });
});
