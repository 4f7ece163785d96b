import { lstatSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { replaceFile } from '../../src/store/output-file.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { codedBy } from '../thrown.ts';

describe('replaceFile', () => {
  it('makes the file, and its folder, for this user alone', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'new', 'set.csv');
    expect(await replaceFile(file, async path => await writeFile(path, 'a', { mode: 0o600 }).then(() => 7))).toBe(7);
    expect(readFileSync(file, 'utf8')).toBe('a');
    expect(statSync(join(folder, 'new')).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(folder, 'new'))).toEqual(['set.csv']);
  });

  it('leaves the file before as it is until the new one is whole', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'set.csv');
    writeFileSync(file, 'before');
    const broken = replaceFile(file, async path => {
      await writeFile(path, 'half');
      expect(readFileSync(file, 'utf8')).toBe('before');
      throw new Error('stopped');
    });
    await expect(broken).rejects.toThrow('stopped');
    expect(readFileSync(file, 'utf8')).toBe('before');
    expect(readdirSync(folder)).toEqual(['set.csv']);
  });

  it('follows a link, and replaces no folder and no device', async () => {
    const folder = temporaryFolder();
    const [file, link] = [join(folder, 'set.csv'), join(folder, 'link.csv')];
    writeFileSync(file, 'before');
    symlinkSync(file, link);
    await replaceFile(link, async path => await writeFile(path, 'after'));
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readFileSync(file, 'utf8')).toBe('after');
    mkdirSync(join(folder, 'sub'));
    for (const path of [join(folder, 'sub'), '/dev/null'])
      expect((await codedBy(() => replaceFile(path, async () => undefined))).code).toBe('BAD_INPUT');
  });

  it('says which file cannot be written, and why', async () => {
    const file = join(temporaryFolder(), 'set.csv');
    const missing = await codedBy(() => replaceFile(file, async path => await writeFile(join(path, 'x'), '')));
    expect(missing).toMatchObject({ code: 'STORE_UNWRITABLE', where: file, message: `cannot write ${file}: ENOENT` });
  });
});
