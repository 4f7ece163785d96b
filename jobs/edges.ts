import type { Audit } from '../src/edges/audit/audit.ts';
import type { Cxone } from '../src/edges/cxone/client.ts';
import type { Datasets } from '../src/edges/datasets/datasets.ts';
import type { Deduper, DeduperOptions } from '../src/edges/deduper/deduper.ts';
import type { Embedder } from '../src/edges/embedder/embedder.ts';
import type { Models } from '../src/edges/models/models.ts';
import type { Pushes } from '../src/edges/pushes/pushes.ts';
import type { Cancellations } from '../src/edges/requests/cancellations.ts';
import type { Runs } from '../src/edges/runs/runs.ts';
import type { Trainings } from '../src/edges/trainings/trainings.ts';
import type { Tunings } from '../src/edges/tunings/tunings.ts';
import type { Uploads } from '../src/edges/uploads/uploads.ts';

/** How the handlers reach the world. */
export interface Edges {
  /** The tenant's key, which every payload carries. */
  readonly tenant: string;
  readonly cxone: Cxone;
  readonly runs: Runs;
  readonly datasets: Datasets;
  readonly uploads: Uploads;
  readonly tunings: Tunings;
  readonly pushes: Pushes;
  readonly trainings: Trainings;
  readonly models: Models;
  /** Looked at before every effect. */
  readonly cancellations: Cancellations;
  readonly audit: Audit;
  readonly embedder: Embedder;
  openDeduper(options: DeduperOptions): Deduper;
}
