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

  it('goes on in the sandbox where that was requested for this call', () => {
    const call = { file: '/usr/bin/cxone-mlops', folder: '/', environment: { PATH: '/usr/bin' }, isSandbox: true };
    expect(commandLine('worker', call)).toBe('cxone-mlops worker --sandbox');
    expect(commandLine('up --sandbox', call)).toBe('cxone-mlops up --sandbox');
    expect(commandLine('curate --help', call)).toBe('cxone-mlops curate --help');
    expect(commandLine('schedule set a --every 1h -- curate --dataset b', call)).toBe(
      'cxone-mlops schedule set a --every 1h --sandbox -- curate --dataset b',
    );
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
