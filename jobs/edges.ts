import type { Cxone } from '../src/edges/cxone/client.ts';
import type { Datasets } from '../src/edges/datasets/datasets.ts';
import type { Deduper, DeduperOptions } from '../src/edges/deduper/deduper.ts';
import type { Embedder } from '../src/edges/embedder/embedder.ts';
import type { Runs } from '../src/edges/runs/runs.ts';

/** How the handlers reach the world. */
export interface Edges {
  /** The tenant's key, which every payload carries. */
  readonly tenant: string;
  readonly cxone: Cxone;
  readonly runs: Runs;
  readonly datasets: Datasets;
  readonly embedder: Embedder;
  openDeduper(options: DeduperOptions): Deduper;
}
