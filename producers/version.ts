import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The version of this package, whether it runs from source or compiled. */
export const version = versionAt(dirname(fileURLToPath(import.meta.url)));

function versionAt(folder: string): string {
  try {
    const text = readFileSync(join(folder, 'package.json'), 'utf8');
    const manifest: unknown = JSON.parse(text);
    const isNamed = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
    if (isNamed && typeof manifest.version === 'string') return manifest.version;
    throw new Error(`${folder}/package.json has no version`);
  } catch (error) {
    if (dirname(folder) === folder) throw error;
    return versionAt(dirname(folder));
  }
}
