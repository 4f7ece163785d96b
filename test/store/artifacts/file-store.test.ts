import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
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
  it.each([
    ['file:///var/a%20b', '/var/a b'],
    ['file:/var/a', '/var/a'],
    ['FILE:/var/a', '/var/a'],
    ['file://localhost/var/a', '/var/a'],
    ['file:/var/a%23b%3Fc%25d', '/var/a#b?c%d'],
    ['file:./data', join(process.cwd(), 'data')],
    ['file:data', join(process.cwd(), 'data')],
    ['file:../data/', join(process.cwd(), '..', 'data')],
    ['file:./a%20b', join(process.cwd(), 'a b')],
    ['file:./a b', join(process.cwd(), 'a b')],
  ])('%s is %s', (url, folder) => {
    expect(folderOf(url)).toBe(folder);
  });

  it.each([
    ['file://data', /write file:data/],
    ['file://./data', /write file:\.\/data/],
    ['file://server/share', /"server".*write file:\/share/],
    ['file:////server/share', /write file:\/server\/share/],
    ['file:///x/hash#1', /"#".*%23/],
    ['file:./q?1', /"\?".*%3F/],
    ['file:/x/100%done', /"%".*%25/],
    ['file:/x/a%2Fb', /%2F/],
    ['file:/x/a%00b', /%00/],
    ['file:~/data', /"~"/],
    ['file:///~/data', /"~"/],
    ['file:', /must name a folder/],
    ['file://', /must name a folder/],
    ['file:///', /root/],
    ['file:./..//../../../../../../../../..', /root/],
    ['file:./data\n', /line break/],
    ['file:./data ', /space/],
  ])('%j is refused', async (url, why) => {
    const error = await codedBy(() => folderOf(url));
    expect(error.code).toBe('BAD_CONFIG');
    expect(error.message).toMatch(/^ARTIFACTS_URL/);
    expect(error.message).toMatch(why);
  });

  it('refuses other kinds', async () => {
    expect(await codeOf(() => folderOf('s3://bucket/x'))).toBe('BAD_CONFIG');
  });
});

describe('a symbolic link in a store', () => {
  /** A store, and a folder outside of it with a file. */
  async function planted() {
    const { store: artifacts, root } = store();
    const outside = temporaryFolder();
    mkdirSync(join(outside, 'sub'));
    writeFileSync(join(outside, 'secret'), 'of others');
    writeFileSync(join(outside, 'sub', 'x'), 'of others');
    await artifacts.establish();
    await artifacts.create('runs/one', 'ours');
    return { artifacts, root, outside };
  }

  it('is not read through, written through or removed through', async () => {
    const { artifacts, root, outside } = await planted();
    symlinkSync(outside, join(root, 'linked'));
    symlinkSync(join(outside, 'secret'), join(root, 'runs', 'secret'));
    const acts = {
      read: () => artifacts.read('runs/secret'),
      readIfThere: () => artifacts.readIfThere('linked/secret'),
      stream: () => buffer(artifacts.stream('linked/secret')),
      'stream of a link': () => buffer(artifacts.stream('runs/secret')),
      list: () => artifacts.list('linked'),
      create: () => artifacts.create('linked/sub/new', 'x'),
      'create a link’s name': () => artifacts.create('runs/secret', 'x'),
      replace: () => artifacts.replace('linked/secret', 'x'),
      remove: () => artifacts.remove('linked/sub'),
    };
    for (const [name, act] of Object.entries(acts)) {
      const error = await codedBy(act);
      expect(error.code, name).toBe('STORE_UNREADABLE');
      expect(error.message, name).toContain('symbolic link');
    }
    expect(readdirSync(outside, { recursive: true }).sort()).toEqual(['secret', 'sub', 'sub/x']);
    expect(readFileSync(join(outside, 'secret'), 'utf8')).toBe('of others');
  });

  it('itself may be removed or replaced', async () => {
    const { artifacts, root, outside } = await planted();
    symlinkSync(join(outside, 'secret'), join(root, 'runs', 'hint'));
    await artifacts.replace('runs/hint', 'ours');
    expect(readFileSync(join(root, 'runs', 'hint'), 'utf8')).toBe('ours');
    symlinkSync(outside, join(root, 'runs', 'folder'));
    await artifacts.remove('runs/folder');
    expect(existsSync(join(root, 'runs', 'folder'))).toBe(false);
    expect(readFileSync(join(outside, 'secret'), 'utf8')).toBe('of others');
  });

  it('in place of the store is refused', async () => {
    const { root, outside } = await planted();
    symlinkSync(outside, `${root}-linked`);
    onTestFinished(() => rmSync(`${root}-linked`));
    expect(await codeOf(() => openFileStore(`${root}-linked`).establish())).toBe('STORE_UNREADABLE');
    expect(readdirSync(outside).sort()).toEqual(['secret', 'sub']);
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
