import { MlopsError } from '../../errors.ts';
import { identityDifferences } from '../dataset/identity.ts';
import { beginsAgain, type Manifest } from '../dataset/manifest.ts';
import type { RunParameters } from './run.ts';

/**
 * Refuses a run that would mix what must not be mixed in a dataset, or leave a hole in it. A dataset that has never had a
 * row may change its settings: the run reads the log again from its start.
 * @throws MlopsError DATASET_MISMATCH, or BAD_INPUT for a `since` after the watermark
 */
export function refuseMismatch(dataset: string, head: Manifest | null, parameters: RunParameters): void {
  if (head === null || beginsAgain(head, parameters.identity)) return;
  const differences = identityDifferences(head.identity, parameters.identity);
  if (differences.length > 0)
    throw new MlopsError(
      'DATASET_MISMATCH',
      `the dataset ${dataset} cannot take this run: its ${differences.join('; its ')}. Omit what differs, or start another dataset`,
    );
  if (parameters.since !== null && parameters.since > head.watermark)
    throw new MlopsError(
      'BAD_INPUT',
      `${parameters.since} is after the watermark of ${dataset}, ${head.watermark}: rows in between would be lost. Use an earlier instant, or omit it`,
      { field: 'since' },
    );
}
