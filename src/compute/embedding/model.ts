import { createHash } from 'node:crypto';
import { constants, createReadStream, existsSync } from 'node:fs';
import { access, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { MlopsError, systemCode } from '../../errors.ts';
import { whyUnreadable } from '../../unreadable-file.ts';

/** A folder that holds a model, looked at but not loaded. */
export interface Model {
  readonly path: string;
  /** What `hashModel` gives. */
  readonly hash: string;
  /** Numbers in a vector. */
  readonly dimension: number;
  /** Tokens beyond which the network has no positions. */
  readonly maxPositions: number;
  readonly dtype: Dtype;
}

/** Hashes of models by what their files are: device, inode, size, and times of the last change. */
export interface KnownHashes {
  find(fingerprint: string): Promise<string | null>;
  note(fingerprint: string, hash: string): Promise<void>;
}

const none: KnownHashes = { find: async () => null, note: async () => undefined };

/** How the weights are stored: float16 is what this package comes with, float32 what many models are published as. */
export type Dtype = 'fp16' | 'fp32';

const weights: Readonly<Record<Dtype, string>> = { fp16: 'onnx/model_fp16.onnx', fp32: 'onnx/model.onnx' };
const sums = 'SHA256SUMS';

const configSchema = z.object({
  hidden_size: z.int().positive(),
  max_position_embeddings: z.int().positive().default(512),
});

/** The folder of the model that comes with the package. */
export function vendoredModel(): string {
  return join(packageRoot(), 'models', 'all-MiniLM-L6-v2');
}

/**
 * The model in the folder `path`, its files checked against the folder's `SHA256SUMS` where there is one.
 *
 * @param known hashes of an earlier call: files that have not changed since are not read again
 * @throws MlopsError `MODEL_NOT_FOUND` when a file is missing, `MODEL_DAMAGED` when one is not what it should be; both name it.
 */
export async function inspectModel(path: string, known: KnownHashes = none): Promise<Model> {
  const dtype: Dtype = !existsSync(join(path, weights.fp16)) && existsSync(join(path, weights.fp32)) ? 'fp32' : 'fp16';
  const files = ['config.json', 'tokenizer.json', 'tokenizer_config.json', weights[dtype]];
  const fingerprint = await fingerprintOf(path, files);
  const noted = fingerprint === null ? null : await known.find(fingerprint);
  const hash = noted ?? (await hashOfFiles(path, files));
  // A file that changed while it was read would be remembered under the wrong hash.
  const isSame = fingerprint !== null && fingerprint === (await fingerprintOf(path, files));
  if (noted === null && isSame) await known.note(fingerprint, hash);
  const config = await readConfig(path);
  return {
    path,
    hash,
    dimension: config.hidden_size,
    maxPositions: config.max_position_embeddings,
    dtype,
  };
}

async function hashOfFiles(path: string, files: readonly string[]): Promise<string> {
  const hashes = await verifiedHashes(path, files);
  return createHash('sha256').update(hashes.join('\n')).digest('hex');
}

/** What changes with every change of one of the files, without reading them; `null` if one is missing. */
async function fingerprintOf(path: string, files: readonly string[]): Promise<string | null> {
  try {
    const about = await Promise.all(files.map(file => stat(join(path, file), { bigint: true })));
    const versions = about.map(({ dev, ino, size, mtimeNs, ctimeNs }) => [dev, ino, size, mtimeNs, ctimeNs].join(' '));
    return [resolve(path), ...versions].join('\n');
  } catch {
    return null;
  }
}

/**
 * The identity of a model: the SHA-256, as hex, of the SHA-256 of the files that make a text's vector
 * (configuration, tokenizer, tokenizer's configuration, weights), in this order, one a line. The model is not loaded.
 *
 * @throws MlopsError as `inspectModel` does.
 */
export async function hashModel(path: string = vendoredModel(), known: KnownHashes = none): Promise<string> {
  return (await inspectModel(path, known)).hash;
}

/**
 * Looks whether the model's files are there and may be read, and no further: `hashModel` takes as long as they are large.
 * @throws MlopsError MODEL_NOT_FOUND
 */
export async function proveModelThere(path: string): Promise<void> {
  const dtype: Dtype = !existsSync(join(path, weights.fp16)) && existsSync(join(path, weights.fp32)) ? 'fp32' : 'fp16';
  for (const file of ['config.json', 'tokenizer.json', 'tokenizer_config.json', weights[dtype]])
    await access(join(path, file), constants.R_OK).catch((error: unknown) => {
      throw missing(path, file, error);
    });
}

async function verifiedHashes(path: string, files: readonly string[]): Promise<string[]> {
  const expected = await readSums(path);
  const hashes = new Map<string, string>();
  for (const file of new Set([...expected.keys(), ...files])) {
    const hash = await hashFile(path, file);
    if ((expected.get(file) ?? hash) !== hash) {
      throw damaged(join(path, file), `its SHA-256 is not the one that ${sums} beside it says`);
    }
    hashes.set(file, hash);
  }
  return files.map(file => hashes.get(file) ?? '');
}

async function hashFile(path: string, file: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(join(path, file), { highWaterMark: 1 << 20 }), hash);
  } catch (error) {
    throw missing(path, file, error);
  }
  return hash.digest('hex');
}

/** The folder's `SHA256SUMS` (as `sha256sum` writes it), file to hash; empty when it has none. */
async function readSums(path: string): Promise<Map<string, string>> {
  const text = await readFile(join(path, sums), 'utf8').catch(error => {
    if (systemCode(error) === 'ENOENT') return '';
    throw missing(path, sums, error);
  });
  const expected = new Map<string, string>();
  for (const line of text.split('\n').filter(Boolean)) {
    const [, hash, file] = /^([0-9a-f]{64}) [ *](\S.*)$/.exec(line) ?? [];
    if (hash === undefined || file === undefined)
      throw damaged(join(path, sums), 'it has a line that is not a checksum');
    expected.set(file, hash);
  }
  return expected;
}

async function readConfig(path: string): Promise<z.infer<typeof configSchema>> {
  const file = join(path, 'config.json');
  try {
    return configSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    throw damaged(file, 'it does not contain the size of a vector (hidden_size)', error);
  }
}

function damaged(file: string, why: string, cause?: unknown): MlopsError {
  return new MlopsError('MODEL_DAMAGED', `The model's file ${file} is damaged: ${why}. Fetch it again.`, {
    where: file,
    cause,
  });
}

function missing(path: string, file: string, cause: unknown): MlopsError {
  return new MlopsError(
    'MODEL_NOT_FOUND',
    `The model's file ${join(path, file)}: ${whyUnreadable(cause) ?? 'this file cannot be read'}. Install the package again, or let MODEL_PATH name a folder with ` +
      `config.json, tokenizer.json, tokenizer_config.json and ${weights.fp16} (or ${weights.fp32}).`,
    { where: join(path, file), cause },
  );
}

/** The nearest folder above with a package.json: this file lies deeper in `dist` than in the sources. */
function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}
