import { z } from 'zod';
import { curation } from '../../jobs/flows/curation/flow.ts';
import { datasetName } from '../../src/domain/dataset/identity.ts';
import { curationParameters, defaults } from '../../src/domain/run/run.ts';
import { defineRoute } from '../http/flow-route.ts';
import { aboutRun } from './about-run.ts';

const since = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()])
  .refine(text => Date.parse(text) <= Date.now(), 'It is in the future')
  .transform(text => new Date(text).toISOString());

const { shape } = curationParameters;
const body = z.strictObject({
  dataset: datasetName.describe('Dataset name (created if it doesn’t exist)'),
  minRating: shape.minRating.describe(`Minimum rating of an interaction (${defaults.minRating})`),
  similarity: shape.similarity.describe(
    `Remove a turn if its cosine with a kept turn is at least this (${defaults.similarity})`,
  ),
  since: since.optional().describe('Start of the first run’s window (default: all history)'),
  bots: shape.bots.describe('Only interactions of these bots'),
  lookBackMs: shape.lookBackMs.describe(
    'Re-read this much before the last watermark to catch late arrivals (10 minutes)',
  ),
  ratingHorizonMs: shape.ratingHorizonMs.describe(
    'How long after a conversation its rating may still arrive; 0 = don’t look (72 hours)',
  ),
  ratingSweepEveryMs: shape.ratingSweepEveryMs.describe('Minimum time between sweeps for late ratings (6 hours)'),
});

export const curations = defineRoute({
  flow: curation,
  summary: 'Add new conversations from the interaction log to a dataset',
  description:
    'Fetches, extracts turns, embeds, removes near-duplicates and commits one version of the dataset. Requests with equal parameters at the same time share a run.',
  body,
  examples: [{ dataset: 'support' }, { dataset: 'support', minRating: 4, since: '2026-03-01T00:00:00.000Z' }],
  about: aboutRun,
  parameters: async requested => requested,
});
