import type { Manifest } from '../dataset/manifest.ts';
import { type CurationParameters, defaults, type RunParameters } from './run.ts';

/** What a request means for a dataset: what it leaves open is the dataset's own value, or the default for a new one. */
export function resolveParameters(
  requested: CurationParameters,
  head: Manifest | null,
  tenant: string,
  model: string,
): RunParameters {
  const own = head?.identity;
  return {
    identity: {
      tenant,
      model,
      similarity: requested.similarity ?? own?.similarity ?? defaults.similarity,
      minRating: requested.minRating ?? own?.minRating ?? defaults.minRating,
      bots: requested.bots === undefined ? (own?.bots ?? null) : [...new Set(requested.bots)].sort(),
    },
    since: requested.since ?? null,
    lookBackMs: requested.lookBackMs ?? defaults.lookBackMs,
    ratingHorizonMs: requested.ratingHorizonMs ?? defaults.ratingHorizonMs,
    ratingSweepEveryMs: requested.ratingSweepEveryMs ?? defaults.ratingSweepEveryMs,
  };
}
