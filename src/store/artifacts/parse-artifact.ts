import type { z } from 'zod';
import { MlopsError } from '../../errors.ts';

/**
 * Parses `content`, the artifact at `place`.
 * @throws MlopsError ARTIFACT_DAMAGED naming the place
 */
export function parseArtifact<Value>(place: string, content: Buffer, shape: z.ZodType<Value>): Value {
  try {
    return shape.parse(JSON.parse(content.toString('utf8')));
  } catch (cause) {
    throw damagedArtifact(place, cause);
  }
}

export function damagedArtifact(place: string, cause?: unknown): MlopsError {
  return new MlopsError('ARTIFACT_DAMAGED', `${place} is damaged, and its request cannot continue. Request it again`, {
    where: place,
    cause,
  });
}
