import { basename, delimiter, dirname, isAbsolute, relative } from 'node:path';

/** How this process was started, as far as it shows how to call the program again. */
export interface Call {
  /** The program's file: `argv[1]`. */
  readonly file: string;
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether it was called with `--sandbox`; the variable SANDBOX holds for the next call as well. */
  readonly isSandbox?: boolean;
}

/** `words` as a command line that calls this program in the same way as it was called, for hints. */
export function commandLine(words: string, call: Call = thisCall()): string {
  return `${programAs(call)} ${call.isSandbox === true ? inSandbox(words) : words}`;
}

/** Before the words of a scheduled command, which are not the program's. */
function inSandbox(words: string): string {
  if (words.includes('--sandbox') || words.endsWith('--help')) return words;
  const [own = '', ...scheduled] = words.split(' -- ');
  return [`${own} --sandbox`, ...scheduled].join(' -- ');
}

function thisCall(): Call {
  const [, file = '', ...words] = process.argv;
  const end = words.indexOf('--');
  const own = end < 0 ? words : words.slice(0, end);
  return { file, folder: process.cwd(), environment: process.env, isSandbox: own.includes('--sandbox') };
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
