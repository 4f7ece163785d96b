import { basename, delimiter, dirname, isAbsolute, relative } from 'node:path';

/** How this process was started, as far as it shows how to call the program again. */
export interface Call {
  /** The program's file: `argv[1]`. */
  readonly file: string;
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** `words` as a command line that calls this program in the same way as it was called, for hints. */
export function commandLine(words: string, call: Call = thisCall()): string {
  return `${programAs(call)} ${words}`;
}

function thisCall(): Call {
  return { file: process.argv[1] ?? '', folder: process.cwd(), environment: process.env };
}

function programAs({ file, folder, environment }: Call): string {
  const isLink = basename(file) === 'cxone-mlops';
  if (isLink && environment.npm_command === 'exec') return 'npx cxone-mlops';
  if (isLink && (environment.PATH ?? '').split(delimiter).includes(dirname(file))) return 'cxone-mlops';
  const path = relative(folder, file);
  const shown = path.startsWith('..') || isAbsolute(path) ? file : path;
  if (isLink) return shown === path ? `./${path}` : shown;
  return `node ${shown}`;
}
