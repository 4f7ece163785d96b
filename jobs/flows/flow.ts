import type { z } from 'zod';
import type { Config } from '../../src/config/config.ts';
import { accessTo } from '../../src/config/platform.ts';
import type { Budget } from '../../src/platform/budget.ts';
import type { ServiceName } from '../../src/platform/endpoints.ts';
import type { Answers } from '../../src/redis/answers/answers.ts';
import type { Unfinished } from '../../src/redis/answers/unfinished.ts';
import type { JobSpec } from '../../src/runtime/job-spec.ts';
import type { Queues } from '../../src/runtime/queues.ts';
import type { Calibrations } from '../../src/store/calibrations/calibrations.ts';
import type { Datasets } from '../../src/store/datasets/datasets.ts';
import type { Extractions } from '../../src/store/extractions/extractions.ts';
import type { Models } from '../../src/store/models/models.ts';
import type { Pushes } from '../../src/store/pushes/pushes.ts';
import type { Cancellations } from '../../src/store/requests/cancellations.ts';
import type { RequestList } from '../../src/store/requests/request-list.ts';
import type { Requests } from '../../src/store/requests/requests.ts';
import type { Runs } from '../../src/store/runs/runs.ts';
import type { Sealing } from '../../src/store/sealing/sealing.ts';
import type { Trainings } from '../../src/store/trainings/trainings.ts';
import type { Tunings } from '../../src/store/tunings/tunings.ts';
import type { RequestStatus } from './request-status.ts';

/** What flows read and change. */
export interface FlowResources {
  readonly config: Config;
  readonly runs: Runs;
  readonly datasets: Datasets;
  readonly tunings: Tunings;
  readonly pushes: Pushes;
  readonly trainings: Trainings;
  readonly calibrations: Calibrations;
  readonly models: Models;
  readonly extractions: Extractions;
  readonly answers: Answers;
  readonly unfinished: Unfinished;
  readonly requests: Requests;
  readonly requestList: RequestList;
  readonly cancellations: Cancellations;
  readonly queues: Queues;
  readonly budget: Budget;
  sealing(): Promise<Sealing>;
  /** The hash of the model that the workers have. */
  modelHash(): Promise<string>;
}

/** A request to be started. */
export interface FlowRequest<Parameters> {
  readonly tenant: string;
  /** Part of the first job's id: the same token is the same request. */
  readonly token: string;
  /** The requester: a person, a key or a schedule. */
  readonly by: string;
  readonly parameters: Parameters;
}

/** A request that was started: the id of its first job, and that job's payload, `null` if it is no longer known. */
export interface StartedRequest {
  readonly id: string;
  readonly payload: unknown;
}

/** A job that a request may belong to. */
export interface FlowJob {
  readonly queue: string;
  readonly id: string;
  readonly payload: unknown;
}

/** How a schedule runs a flow. */
export interface Scheduling<Parameters> {
  /** The dataset that each run updates. */
  dataset(parameters: Parameters): string;
  /** The parameters of one run. @param head the dataset's version, 0 if there is none */
  parametersAt(parameters: Parameters, head: number): Parameters;
}

/**
 * What a caller can request: how it is checked, started, reported and cancelled. The command line, HTTP, schedules and
 * the board read it from the list of flows.
 */
export interface Flow<Parameters = unknown, Result = unknown, Progress extends object = object> {
  readonly name: string;
  /** The command that starts it. */
  readonly command: string;
  /** Its path over HTTP: `POST /v1/<noun>`. */
  readonly noun: string;
  /** The queue of the first job, and the first part of that job's id: `tuning` of `tuning.<token>`. */
  readonly queue: string;
  readonly prefix: string;
  /** All queues whose jobs carry out a request. */
  readonly queues: readonly string[];
  /** The service that the first job calls. */
  readonly service: ServiceName;
  /** Of a request, once its data is stored. */
  readonly parameters: z.ZodType<Parameters>;
  /** What `--json` of the command prints. */
  readonly result: z.ZodType<Result>;
  /** Whether results quote customers' texts: then each reader is recorded in the audit log. */
  readonly quotesTexts?: boolean;
  /** `null`: it cannot be scheduled, because each run would read the same file again. */
  readonly scheduling: Scheduling<Parameters> | null;
  /**
   * Refuses what cannot succeed, before anything is enqueued.
   * @throws MlopsError
   */
  check(resources: FlowResources, parameters: Parameters): Promise<void>;
  /** The first job. Enqueueing it starts the request; a request with the same token has the same one. */
  start(request: FlowRequest<Parameters>): JobSpec;
  /**
   * Reserves the request's place among others, durably, once it is recorded and before its first job is enqueued: for
   * flows whose requests are carried out in the order in which they were accepted.
   * @param payload that of the first job
   */
  reserve?(resources: Pick<FlowResources, 'calibrations'>, payload: unknown): Promise<void>;
  /** What a request works on, from its first job's payload: the name of a dataset or a skill; `null` if it has none. */
  subjectOf(payload: unknown): string | null;
  /** Whether the store has the request of this id. */
  isKnown(resources: FlowResources, id: string): Promise<boolean>;
  status(resources: FlowResources, request: StartedRequest): Promise<RequestStatus<Result, Progress>>;
  /**
   * Removes the request's waiting jobs, once it is marked as cancelled.
   * @returns messages about work that continues
   */
  cancel(resources: FlowResources, request: StartedRequest): Promise<readonly string[]>;
  /** The id of the request that a job belongs to; `null` if it belongs to no request of this flow. */
  requestOf(resources: FlowResources, job: FlowJob): Promise<string | null>;
  /** An HTML page about the result; `null`: the flow has none. @throws MlopsError ARTIFACT_MISSING until there is one */
  readonly report: ((resources: FlowResources, id: string) => Promise<Buffer>) | null;
  /** The results of requests with many of them; without it, none has. */
  readonly results?: FlowResults;
}

/** The results of a request whose `result` holds their counts only. */
export interface FlowResults {
  /** Whether `result` holds only the counts of a request's results. */
  areCountedIn(result: unknown): boolean;
  /** JSON objects with their line ends, in input order; `null`: there are none (yet). */
  read(resources: FlowResources, id: string): Promise<AsyncIterable<string> | null>;
  /** What was left out of the input, as JSONL; `null`: the request has no such list. */
  rejects(resources: FlowResources, id: string): Promise<Buffer | null>;
}

/** A flow that parses its own parameters: the list does not know their types. */
export function defineFlow<Parameters, Result, Progress extends object>(
  flow: Flow<Parameters, Result, Progress>,
): Flow<Parameters, Result, Progress> {
  const parse = (parameters: unknown) => flow.parameters.parse(parameters);
  const { scheduling } = flow;
  return {
    ...flow,
    check: (resources, parameters) => flow.check(resources, parse(parameters)),
    start: request => flow.start({ ...request, parameters: parse(request.parameters) }),
    scheduling: scheduling && {
      dataset: parameters => scheduling.dataset(parse(parameters)),
      parametersAt: (parameters, head) => scheduling.parametersAt(parse(parameters), head),
    },
  };
}

/**
 * Ensures that the service that a flow or an endpoint calls is configured.
 * @throws MlopsError BAD_CONFIG naming the missing variable
 */
export function proveAccess(config: Config, { service }: { readonly service: ServiceName }): void {
  if (config.tenant.kind === 'platform') accessTo(config, service);
}
