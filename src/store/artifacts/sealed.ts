import { createHash } from 'node:crypto';

/**
 * A sealed artifact is its content and a last line that holds the content's SHA-256: `{"sha256":"…"}`. A change of any
 * byte, including the last line, is detected when it is opened. This finds accidents; a deliberate change with a new last
 * line is found only if another artifact holds its hash.
 */
export function seal(content: string | Uint8Array): Buffer {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
  return Buffer.concat([bytes, sealOf(bytes)]);
}

/** The content of a sealed artifact; `null` where its bytes do not match its seal. */
export function unseal(bytes: Buffer): Buffer | null {
  const end = bytes.byteLength - sealBytes;
  if (end < 0) return null;
  const content = bytes.subarray(0, end);
  return bytes.subarray(end).equals(sealOf(content)) ? content : null;
}

/** JSON on one line, sealed. */
export function sealJson(value: unknown): Buffer {
  return seal(`${JSON.stringify(value)}\n`);
}

/** The JSON of a sealed artifact; `undefined`, which no JSON text means, where it does not match its seal. */
export function unsealJson(bytes: Buffer): unknown {
  const content = unseal(bytes);
  if (content === null) return undefined;
  try {
    return JSON.parse(content.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** SHA-256 of the parts, one after the other, in lower-case hex. */
export function sha256Of(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

function sealOf(content: Uint8Array): Buffer {
  return Buffer.from(`${JSON.stringify({ sha256: sha256Of(content) })}\n`, 'utf8');
}

const sealBytes = sealOf(new Uint8Array()).byteLength;
