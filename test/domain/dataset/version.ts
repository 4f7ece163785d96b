import type { DatasetIdentity } from '../../../src/domain/dataset/identity.ts';
import type { Manifest, Part } from '../../../src/domain/dataset/manifest.ts';

export const identity: DatasetIdentity = {
  tenant: 'sandbox',
  model: 'e5c0ffee',
  similarity: 0.85,
  minRating: 4,
  bots: null,
};

const counts = {
  interactions: 0,
  turns: 0,
  kept: 0,
  removed: 0,
  alreadyTaken: 0,
  withoutTurns: 0,
  sendersMet: [],
  unknownWords: 0,
  belowRating: 0,
  unrated: 0,
  neverRated: 0,
  otherBots: 0,
  rejects: 0,
  erased: 0,
};

/** A version of the dataset `demo`, without parts unless the change says otherwise. */
export function version(change: Partial<Manifest> = {}): Manifest {
  return {
    dataset: 'demo',
    identity,
    dimension: 384,
    parts: [],
    setAside: [],
    nextGroup: 0,
    lastRun: 'demo.00000001',
    watermark: '2024-05-15T12:00:00.000Z',
    sweptAt: '2024-05-15T12:00:00.000Z',
    made: { by: 'run', run: 'demo.00000001', counts, rejects: [] },
    ...change,
  };
}

const file = { sha256: '0'.repeat(64), bytes: 0 };

export function part(firstGroup: number, keptCount: number, removedCount = 0, run = 'demo.00000001'): Part {
  return {
    run,
    firstGroup,
    keptCount,
    removedCount,
    takenCount: keptCount,
    kept: file,
    removed: file,
    vectors: file,
    taken: file,
  };
}
