import type { Dedupers } from '../src/compute/dedup/dedupers.ts';
import type { Embedder } from '../src/compute/embedding/embedder.ts';
import type { Cxone } from '../src/platform/client.ts';
import type { Webhooks } from '../src/platform/webhooks.ts';
import type { Queues } from '../src/runtime/queues.ts';
import type { Audit } from '../src/store/audit/audit.ts';
import type { Datasets } from '../src/store/datasets/datasets.ts';
import type { Models } from '../src/store/models/models.ts';
import type { Pushes } from '../src/store/pushes/pushes.ts';
import type { Cancellations } from '../src/store/requests/cancellations.ts';
import type { RequestList } from '../src/store/requests/request-list.ts';
import type { Requests } from '../src/store/requests/requests.ts';
import type { Runs } from '../src/store/runs/runs.ts';
import type { Schedules } from '../src/store/schedules/schedules.ts';
import type { Trainings } from '../src/store/trainings/trainings.ts';
import type { Tunings } from '../src/store/tunings/tunings.ts';
import type { Uploads } from '../src/store/uploads/uploads.ts';
import type { VectorIndex } from '../src/store/vectors/vector-index.ts';
import type { Outbox } from '../src/store/webhooks/outbox.ts';

/** What handlers use of the platform, the store and Redis. */
export interface Resources {
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
  readonly requests: Requests;
  readonly requestList: RequestList;
  /** Checked before every effect. */
  readonly cancellations: Cancellations;
  readonly schedules: Schedules;
  readonly webhooks: Webhooks;
  readonly outbox: Outbox;
  /** For jobs that an outcome does not emit. */
  readonly queues: Pick<Queues, 'enqueue' | 'isUnderWay'>;
  readonly audit: Audit;
  readonly embedder: Embedder;
  /** What the embedder's model has embedded. */
  readonly vectorIndex: VectorIndex;
  readonly dedupers: Dedupers;
}
