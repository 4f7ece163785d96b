import { createHash } from 'node:crypto';
import { type FoundSegment, type Segment, segment } from '../../domain/audit/segment.ts';

/**
 * The bytes of a segment: one line of JSON, and a second one with the SHA-256 of the first, newline included. So an
 * accident to the newest segment shows too, which no later one holds the hash of. (Who means to deceive writes a new
 * sum; that, the chain shows.)
 */
export function encodeSegment(content: Segment): Buffer {
  const line = Buffer.from(`${JSON.stringify(content)}\n`, 'utf8');
  return Buffer.concat([line, sumLine(line)]);
}

/** What stands in a segment's file, and what is wrong with it. */
export function decodeSegment(number: number, bytes: Buffer): FoundSegment {
  const sha256 = sha256Of(bytes);
  const damaged = (damage: string): FoundSegment => ({ number, sha256, segment: null, damage });
  const line = bytes.subarray(0, bytes.indexOf(newline) + 1);
  if (!bytes.subarray(line.length).equals(sumLine(line))) return damaged('its bytes are not those of its sum');
  const parsed = segment.safeParse(parseJson(line));
  if (!parsed.success) return damaged('it does not parse as a segment of an audit log');
  return { number, sha256, segment: parsed.data, damage: null };
}

export function sha256Of(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

const newline = 0x0a;

function sumLine(line: Uint8Array): Buffer {
  return Buffer.from(`${JSON.stringify({ sha256: sha256Of(line) })}\n`, 'utf8');
}

/** `undefined`, which no schema of ours takes, for what is no JSON. */
function parseJson(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString('utf8'));
  } catch {
    return undefined;
  }
}
