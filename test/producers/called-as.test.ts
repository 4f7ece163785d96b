import { describe, expect, it } from 'vitest';
import { commandLine } from '../../producers/cli/called-as.ts';

describe('commandLine', () => {
  const link = '/project/node_modules/.bin/cxone-mlops';

  it('names npx where npx started the program', () => {
    const call = {
      file: link,
      folder: '/project',
      environment: { npm_command: 'exec', PATH: '/project/node_modules/.bin' },
    };
    expect(commandLine('up --sandbox', call)).toBe('npx cxone-mlops up --sandbox');
  });

  it('names the program alone where it was found on the PATH', () => {
    const call = { file: '/usr/bin/cxone-mlops', folder: '/project', environment: { PATH: '/bin:/usr/bin' } };
    expect(commandLine('up', call)).toBe('cxone-mlops up');
  });

  it('names the path of a link that is not on the PATH', () => {
    const call = { file: link, folder: '/project', environment: { PATH: '/bin' } };
    expect(commandLine('up', call)).toBe('./node_modules/.bin/cxone-mlops up');
  });

  it('names node and the script in the working folder, or with its full path outside it', () => {
    const file = '/project/bin/cxone-mlops.js';
    expect(commandLine('up', { file, folder: '/project', environment: {} })).toBe('node bin/cxone-mlops.js up');
    expect(commandLine('up', { file, folder: '/other', environment: {} })).toBe(`node ${file} up`);
  });
});
