import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compiled } from '../compiled.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** Writes the URL of each module that is imported to the file LOADED. */
const hooks = `
  import { appendFileSync } from 'node:fs';
  export async function load(url, context, next) {
    appendFileSync(process.env.LOADED, url + '\\n');
    return await next(url, context);
  }`;
const dataUrl = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;
const preload = dataUrl(`import { register } from 'node:module'; register(${JSON.stringify(dataUrl(hooks))});`);

/** The modules that a command of the compiled program imports, without Node's own. */
function modulesOf(...words: string[]): string[] {
  const folder = temporaryFolder();
  const loaded = join(folder, 'loaded');
  const main = compiled('dist/producers/cli/main.js');
  execFileSync(process.execPath, ['--import', preload, main, ...words], {
    cwd: folder,
    env: { PATH: process.env.PATH, LOADED: loaded, TENANT: 'test' },
    stdio: 'ignore',
  });
  const urls = readFileSync(loaded, 'utf8').trim().split('\n');
  expect(urls).toContain(pathToFileURL(main).href);
  return urls.filter(url => !url.startsWith('node:'));
}

describe('modules that are loaded', () => {
  it.each(['--help', '--version'])('%s loads no command', word => {
    const modules = modulesOf(word);
    expect(modules.length).toBeLessThan(40);
    expect(modules.filter(url => /\/(zod|bullmq|ioredis|axios|pino)\//.test(url))).toEqual([]);
  });

  it('dataset list loads no queue, client, log or model', () => {
    const modules = modulesOf('dataset', 'list');
    expect(modules.length).toBeLessThan(340);
    const heavy =
      /node_modules\/(bullmq|ioredis|axios|pino|mathjs|fastify|onnxruntime-node|@xenova|chrono-node|libphonenumber-js)\//;
    expect(modules.filter(url => heavy.test(url))).toEqual([]);
  });
});
