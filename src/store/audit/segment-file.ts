import { type FoundSegment, type Segment, segment } from '../../domain/audit/segment.ts';
import { sealJson, sha256Of, unseal, unsealJson } from '../artifacts/sealed.ts';

/**
 * The bytes of a segment, sealed, so that accidental damage to the newest one is detected too, although no later segment
 * holds its hash. (A deliberate change has a new seal; the chain detects it.)
 */
export function encodeSegment(content: Segment): Buffer {
  return sealJson(content);
}

/** The content of a segment's file, and its damage. */
export function decodeSegment(number: number, bytes: Buffer): FoundSegment {
  const sha256 = sha256Of(bytes);
  const damaged = (damage: string): FoundSegment => ({ number, sha256, segment: null, damage });
  if (unseal(bytes) === null) return damaged('its content does not match its SHA-256');
  const parsed = segment.safeParse(unsealJson(bytes));
  if (!parsed.success) return damaged('it does not parse as a segment of an audit log');
  return { number, sha256, segment: parsed.data, damage: null };
}
