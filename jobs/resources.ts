import type { Dedupers } from '../src/compute/dedup/dedupers.ts';
import type { Embedder } from '../src/compute/embedding/embedder.ts';
import type { Budget } from '../src/platform/budget.ts';
import type { Cxone } from '../src/platform/client.ts';
import type { Downloads } from '../src/platform/download.ts';
import type { Limit } from '../src/platform/endpoints.ts';
import type { Webhooks } from '../src/platform/webhooks.ts';
import type { Answers } from '../src/redis/answers/answers.ts';
import type { Unfinished } from '../src/redis/answers/unfinished.ts';
import type { Inferences } from '../src/redis/inferences/inferences.ts';
import type { Queues } from '../src/runtime/queues.ts';
import type { Audit } from '../src/store/audit/audit.ts';
import type { Calibrations } from '../src/store/calibrations/calibrations.ts';
import type { Datasets } from '../src/store/datasets/datasets.ts';
import type { Extractions } from '../src/store/extractions/extractions.ts';
import type { Models } from '../src/store/models/models.ts';
import type { Pushes } from '../src/store/pushes/pushes.ts';
import type { Cancellations } from '../src/store/requests/cancellations.ts';
import type { RequestList } from '../src/store/requests/request-list.ts';
import type { Requests } from '../src/store/requests/requests.ts';
import type { Runs } from '../src/store/runs/runs.ts';
import type { Schedules } from '../src/store/schedules/schedules.ts';
import type { Sealing } from '../src/store/sealing/sealing.ts';
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
  readonly budget: Pick<Budget, 'heldMs'>;
  readonly downloads: Downloads;
  readonly runs: Runs;
  readonly datasets: Datasets;
  readonly uploads: Uploads;
  readonly tunings: Tunings;
  readonly pushes: Pushes;
  readonly trainings: Trainings;
  readonly calibrations: Calibrations;
  readonly models: Models;
  readonly extractions: Extractions;
  readonly entities: EntityTerms;
  /** Path of the state of a calibration job, with `{jobId}`. */
  readonly calibrationStatusPath: string;
  /** The platform's answers about entities, shared by all processes. */
  readonly answers: Answers;
  readonly unfinished: Unfinished;
  sealing(): Promise<Sealing>;
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
  /** Records answers of models before they are handed out. */
  readonly inferences: Inferences;
  readonly embedder: Embedder;
  /** What the embedder's model has embedded. */
  readonly vectorIndex: VectorIndex;
  readonly dedupers: Dedupers;
}

export interface EntityTerms {
  /** The longest text, in KB of UTF-8. */
  readonly maxTextKb: number;
  /** Calls of the platform, over all processes. */
  readonly limit: Limit;
}
