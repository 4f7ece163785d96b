import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const beside = (name: string) => new URL(`./${name}`, import.meta.url);

/** A file beside this one that a page holds. */
export const readAsset = (name: string) => readFileSync(beside(name), 'utf8');

const scripts = new Map<string, string>();

/**
 * A module of the browser, and those that it imports, as one script: a page that is a single file has nowhere to import
 * from. Compiled code has it beside itself; a clone makes it when it is first needed.
 * @param entry such as `report.client.js`
 */
export function clientScript(entry: string): string {
  const built = beside(bundleName(entry));
  const script = scripts.get(entry) ?? (existsSync(built) ? readFileSync(built, 'utf8') : bundle(beside(entry)));
  scripts.set(entry, script);
  return script;
}

/** The name under which the build keeps the script of an entry. */
export const bundleName = (entry: string) => entry.replace(/\.client\.js$/, '.bundle.js');

/** By esbuild, which is a development dependency: the package holds what the build made with it. */
export function bundle(entry: URL): string {
  const { buildSync }: typeof import('esbuild') = createRequire(import.meta.url)('esbuild');
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(entry)],
    // Comments name the modules by their paths from here; from the process's folder, reports of two processes differ.
    absWorkingDir: fileURLToPath(new URL('.', entry)),
    bundle: true,
    charset: 'utf8',
    write: false,
  });
  return outputFiles.map(({ text }) => text).join('');
}
