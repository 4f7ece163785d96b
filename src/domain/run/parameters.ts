import type { Manifest } from '../dataset/manifest.ts';
import { type CurationParameters, defaults, type RunParameters } from './run.ts';

/** What a request means for a dataset: what it leaves open is the dataset's own value, or the default for a new one. */
export function resolveParameters(
  asked: CurationParameters,
  head: Manifest | null,
  tenant: string,
  model: string,
): RunParameters {
  const own = head?.identity;
  return {
    identity: {
      tenant,
      model,
      similarity: asked.similarity ?? own?.similarity ?? defaults.similarity,
      minRating: asked.minRating ?? own?.minRating ?? defaults.minRating,
      bots: asked.bots === undefined ? (own?.bots ?? null) : [...new Set(asked.bots)].sort(),
    },
    since: asked.since ?? null,
    lookBackMs: asked.lookBackMs ?? defaults.lookBackMs,
    ratingHorizonMs: asked.ratingHorizonMs ?? defaults.ratingHorizonMs,
    ratingSweepEveryMs: asked.ratingSweepEveryMs ?? defaults.ratingSweepEveryMs,
  };
}
