import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** The version of this package, whether it runs from source or compiled. */
export const version = versionAt(dirname(fileURLToPath(import.meta.url)));

function versionAt(folder: string): string {
  try {
    const text = readFileSync(join(folder, 'package.json'), 'utf8');
    return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
  } catch (error) {
    if (dirname(folder) === folder) throw error;
    return versionAt(dirname(folder));
  }
}
