import { type FoundSegment, type Segment, segment } from '../../domain/audit/segment.ts';
import { sealJson, sha256Of, unseal, unsealJson } from '../artifacts/sealed.ts';

/**
 * The bytes of a segment, sealed: so an accident to the newest one shows too, whose hash no later one holds. (A deliberate
 * change comes with a new seal; the chain shows it.)
 */
export function encodeSegment(content: Segment): Buffer {
  return sealJson(content);
}

/** What stands in a segment's file, and what is wrong with it. */
export function decodeSegment(number: number, bytes: Buffer): FoundSegment {
  const sha256 = sha256Of(bytes);
  const damaged = (damage: string): FoundSegment => ({ number, sha256, segment: null, damage });
  if (unseal(bytes) === null) return damaged('its bytes are not those of its sum');
  const parsed = segment.safeParse(unsealJson(bytes));
  if (!parsed.success) return damaged('it does not parse as a segment of an audit log');
  return { number, sha256, segment: parsed.data, damage: null };
}
