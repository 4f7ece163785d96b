import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { access, constants, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { finished } from 'node:stream/promises';
import { MlopsError, systemCode } from '../../src/errors.ts';
import { privateFile, privateFolder } from '../../src/store/artifacts/private.ts';
import { replaceFile } from '../../src/store/output-file.ts';

/** The file of a batch's results, and beside it that of its rejected lines. Each appears whole, or not at all. */
export interface ResultsFile {
  write(results: AsyncIterable<string>, rejects: Uint8Array): Promise<void>;
}

/** @throws MlopsError BAD_INPUT if a file cannot be written there: known before the work begins */
export async function openResultsFile(path: string): Promise<ResultsFile> {
  await proveWritable(path);
  return {
    async write(results, rejects) {
      const beside = `${path}.rejects.jsonl`;
      if (rejects.byteLength === 0) await rm(beside, { force: true });
      else await replaceFile(beside, file => writeFile(file, rejects, { mode: privateFile }));
      await replaceFile(path, file => writeLines(file, results));
    },
  };
}

async function proveWritable(path: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: privateFolder });
    await access(dirname(path), constants.W_OK);
  } catch (error) {
    throw new MlopsError('BAD_INPUT', `${path} cannot be written: ${systemCode(error)}`, { field: 'out' });
  }
  const isFile = await stat(path).then(
    info => info.isFile(),
    () => true,
  );
  if (!isFile) throw new MlopsError('BAD_INPUT', `${path} is not a file`, { field: 'out' });
}

async function writeLines(file: string, lines: AsyncIterable<string>): Promise<void> {
  const stream = createWriteStream(file, { mode: privateFile });
  const written = finished(stream);
  written.catch(() => undefined);
  for await (const line of lines) if (!stream.write(line)) await Promise.race([once(stream, 'drain'), written]);
  stream.end();
  await written;
}
