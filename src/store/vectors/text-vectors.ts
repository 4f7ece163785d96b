import { createHash } from 'node:crypto';
import { z } from 'zod';
import { bytesOf, floats } from '../artifacts/floats.ts';

/** Texts and their vectors, those of texts with equal token ids once. */
export interface TextVectors {
  /** Of each text, `textHash`; they differ from each other. */
  readonly hashes: readonly string[];
  /** Of each text, the row of its vector. */
  readonly rowOf: Int32Array;
  /** Of each row, the hash of its token ids: 16 bytes as latin1. */
  readonly keys: readonly string[];
  /** Rows × dimension. */
  readonly vectors: Float32Array;
}

export const noVectors: TextVectors = {
  hashes: [],
  rowOf: new Int32Array(0),
  keys: [],
  vectors: new Float32Array(0),
};

/** Bytes of a hash: 128 bits do not collide. */
export const hashBytes = 16;

/** What a text is found by without keeping the text: the first bytes of its SHA-256, as latin1. */
export function textHash(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest().toString('latin1', 0, hashBytes);
}

const header = z.strictObject({
  texts: z.int().nonnegative(),
  rows: z.int().nonnegative(),
  dimension: z.int().positive(),
});

/** The bytes of a file that holds them: a line of JSON with their numbers, then the fields one after the other. */
export function encodeTextVectors({ hashes, rowOf, keys, vectors }: TextVectors, dimension: number): Buffer {
  return Buffer.concat([
    Buffer.from(`${JSON.stringify({ texts: hashes.length, rows: keys.length, dimension })}\n`),
    Buffer.from(hashes.join(''), 'latin1'),
    new Uint8Array(rowOf.buffer, rowOf.byteOffset, rowOf.byteLength),
    Buffer.from(keys.join(''), 'latin1'),
    bytesOf(vectors),
  ]);
}

/** The reverse of `encodeTextVectors`; `null` if the bytes are not such a file. */
export function decodeTextVectors(bytes: Buffer): TextVectors | null {
  const counts = headerOf(bytes);
  if (counts === null) return null;
  const { texts, rows, dimension, length } = counts;
  const rowsAt = length + texts * hashBytes;
  const keysAt = rowsAt + texts * 4;
  const vectorsAt = keysAt + rows * hashBytes;
  if (bytes.length !== vectorsAt + rows * dimension * 4) return null;
  return {
    hashes: splitHashes(bytes.subarray(length, rowsAt)),
    rowOf: new Int32Array(new Uint8Array(bytes.subarray(rowsAt, keysAt)).buffer),
    keys: splitHashes(bytes.subarray(keysAt, vectorsAt)),
    vectors: floats(bytes.subarray(vectorsAt)),
  };
}

function headerOf(bytes: Buffer): (z.infer<typeof header> & { readonly length: number }) | null {
  const length = bytes.indexOf('\n') + 1;
  try {
    return { ...header.parse(JSON.parse(bytes.toString('utf8', 0, length))), length };
  } catch {
    return null;
  }
}

/** The hashes that stand one after the other in `bytes`, as latin1. */
function splitHashes(bytes: Buffer): string[] {
  return Array.from({ length: bytes.length / hashBytes }, (_, index) =>
    bytes.toString('latin1', index * hashBytes, (index + 1) * hashBytes),
  );
}
