import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { open, rename, rm, writeFile } from 'node:fs/promises';
import { MlopsError, systemCode } from '../../src/errors.ts';
import { privateFile } from '../../src/store/artifacts/private.ts';

/** The file of a batch's results, and beside it that of its rejected lines. Each appears whole, or not at all. */
export interface ResultsFile {
  write(results: AsyncIterable<string>, rejects: Uint8Array): Promise<void>;
}

/** @throws MlopsError BAD_INPUT if the file cannot be written */
export async function openResultsFile(path: string): Promise<ResultsFile> {
  const partial = `${path}.partial`;
  const unwritable = (error: unknown) =>
    new MlopsError('BAD_INPUT', `--out ${path} cannot be written: ${systemCode(error)}`, { field: 'out' });
  await open(partial, 'w', privateFile)
    .then(file => file.close())
    .then(() => rm(partial))
    .catch((error: unknown) => {
      throw unwritable(error);
    });

  async function writeResults(results: AsyncIterable<string>): Promise<void> {
    const stream = createWriteStream(partial, { mode: privateFile });
    const failed = once(stream, 'error').then(([error]) => {
      throw error;
    });
    failed.catch(() => undefined);
    for await (const line of results) if (!stream.write(line)) await Promise.race([once(stream, 'drain'), failed]);
    stream.end();
    await Promise.race([once(stream, 'close'), failed]);
    await rename(partial, path);
  }

  return {
    async write(results, rejects) {
      try {
        const beside = `${path}.rejects.jsonl`;
        if (rejects.byteLength > 0) await writeFile(beside, rejects, { mode: privateFile });
        else await rm(beside, { force: true });
        await writeResults(results);
      } catch (error) {
        await rm(partial, { force: true });
        if (systemCode(error) === undefined) throw error;
        throw new MlopsError('STORE_UNWRITABLE', `--out ${path} cannot be written: ${systemCode(error)}`);
      }
    },
  };
}
