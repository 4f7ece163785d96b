import { describe, expect, it } from 'vitest';
import { registryEntry } from '../../../src/domain/skill-training/registry-entry.ts';
import { at, bestThreshold, data, files, metrics } from './sample-events.ts';

const entry = {
  skillId: 'skill-1',
  jobId: 'j-1',
  request: 'r-1',
  at,
  metrics,
  bestThreshold,
  files,
  data,
  trainingDurationSeconds: 38.3,
  by: 'cli',
};
const sha256 = 'f'.repeat(64);

describe('a registry entry', () => {
  it('can be of a file or of a labelled dataset, with or without scores and compute units', () => {
    const source = { kind: 'dataset', dataset: 'demo', version: 3, manifestSha256: sha256, labelsSha256: sha256 };
    const entries = [
      entry,
      { ...entry, bestThreshold: null, computeUnits: { allocated: 8, used: null } },
      { ...entry, data: { ...data, source, downsampled: { seed: 7, dropped: 120 } } },
    ];
    for (const each of entries) expect(registryEntry.parse(JSON.parse(JSON.stringify(each)))).toEqual(each);
  });

  it('is refused with an unknown field, a figure beyond 1, or a hash that is none', () => {
    const wrong = [
      { ...entry, extra: 1 },
      { ...entry, metrics: { ...metrics, accuracy: 1.1 } },
      { ...entry, data: { ...data, fingerprint: 'abc' } },
      { ...entry, data: { ...data, source: { kind: 'dataset', dataset: '../x', version: 1 } } },
    ];
    for (const each of wrong) expect(registryEntry.safeParse(each).success).toBe(false);
  });
});
