import { basename, dirname, resolve } from 'node:path';
import { env, LogLevel } from '@xenova/transformers';

/** Points transformers.js at the folder `path` and nowhere else; gives the name to ask it for. */
export function locate(path: string): string {
  const folder = resolve(path);
  env.allowRemoteModels = false;
  env.localModelPath = dirname(folder);
  env.cacheDir = dirname(folder);
  env.useFSCache = false;
  // Its error log prints the inputs, which are a customer's text; the error itself is thrown to us.
  env.logLevel = LogLevel.NONE;
  return basename(folder);
}
