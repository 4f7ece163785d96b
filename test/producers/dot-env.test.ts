import { describe, expect, it } from 'vitest';
import { parseDotEnv } from '../../producers/cli/dot-env.ts';
import { codedBy } from '../thrown.ts';

const read = (text: string) => parseDotEnv(Buffer.from(text));
const refused = async (bytes: Buffer | string) => {
  const error = await codedBy(() => parseDotEnv(Buffer.from(bytes)));
  expect(error.code).toBe('BAD_CONFIG');
  return error.message;
};

describe('.env', () => {
  it('is read with quotes, comments, a byte order mark and Windows line ends', () => {
    expect(read('\uFEFFA=1\r\n# comment\r\n\r\nexport B="x#y" # comment\r\nC=a b # comment\r\nD=\r\n')).toEqual({
      A: '1',
      B: 'x#y',
      C: 'a b',
      D: '',
    });
    expect(read("KEY='first\nsec#ond'\nNEXT=1\n")).toEqual({ KEY: 'first\nsec#ond', NEXT: '1' });
  });

  it('refuses a # directly behind a character, without the value', async () => {
    const message = await refused('A=1\nSECRET=s3cr#et\n');
    expect(message).toMatch(/^\.env:2 SECRET .*quotes/);
    expect(message).not.toContain('s3cr');
  });

  it('refuses lines that are not NAME=value, and open quotes', async () => {
    expect(await refused('just words\n')).toContain('.env:1 ');
    expect(await refused('A=1\nB="open\n')).toContain('.env:2 ');
  });

  it('refuses UTF-16', async () => {
    expect(await refused(Buffer.from('\uFEFFA=1\n', 'utf16le'))).toContain('UTF-16');
    expect(await refused(Buffer.from('A=1\n', 'utf16le'))).toContain('UTF-16');
  });
});
