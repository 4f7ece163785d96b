import { randomUUID } from 'node:crypto';
import { MlopsError } from '../../errors.ts';
import { type TrainingSubmission, trainingSubmission } from '../../platform/endpoints.ts';
import type { SandboxClock } from '../kernel/clock.ts';
import type { StateStore } from '../kernel/state.ts';
import {
  type Interventions,
  isTerminal,
  type JobState,
  type Stage,
  type StoredJob,
  stateOf,
  storedJob,
} from './job.ts';

/** How trainings go; everything has a default. */
export interface TrainingOptions {
  /** How long one takes, by the sandbox's clock; 8 by default. */
  readonly seconds?: number;
  /** Jobs that may be under way at once: beyond them a submission is answered 503. 100 by default. */
  readonly atOnce?: number;
  /** Predictions as ids of labels without scores; false by default. */
  readonly plainPredictions?: boolean;
  /** The size of the model weights; 2,000,000 by default, 256 Mi at the most. */
  readonly artifactBytes?: number;
  /** How long a signed URL is good for, by the sandbox's clock; 900 by default. */
  readonly artifactLifetimeSeconds?: number;
  /** What the evaluation of every completed job is, byte for byte; that of a really trained toy model by default. */
  readonly evaluation?: string | Uint8Array;
  /** Where jobs are kept, under `sandbox-trainings/`; in this process by default. Sandboxes that share it serve the same jobs. */
  readonly state?: StateStore;
}

/** The planned outcome of the next submitted job, where it differs from the options. */
export interface TrainingPlan {
  readonly seconds?: number;
  /** `COMPLETED` by default; the others come halfway through, unless `at` says otherwise. */
  readonly end?: StoredJob['end']['status'];
  /** Why it failed or was cancelled. */
  readonly reason?: string;
  /** The share of its time, 0 to 1, after which it fails or is cancelled. */
  readonly at?: number;
  /** Waits in the middle of this stage until it is released. */
  readonly holdIn?: Stage;
  readonly plainPredictions?: boolean;
  readonly artifactBytes?: number;
}

/** A job as the sandbox lists it: sizes, no texts. */
export interface ListedTraining {
  readonly jobId: string;
  readonly skillId: string;
  /** ISO 8601. */
  readonly submittedAt: string;
  readonly status: JobState['status'];
  readonly stage: JobState['stage'];
  /** How many of each. */
  readonly utterances: number;
  readonly labels: number;
}

/** What may be seen of the trainings, and done to them, beside the wire. Every sandbox of a shared state sees and does the same. */
export type Trainings = Pick<TrainingJobs, 'plan' | 'list' | 'submission' | 'release' | 'cancel'>;

/** Not the name of anything that the system itself keeps: they may share a store. */
const folder = 'sandbox-trainings';
const mostBytes = 256 * 1024 * 1024;

/** The training jobs of the simulated tenant. No timer runs: a job's status is computed when it is requested. */
export class TrainingJobs {
  readonly artifactLifetimeSeconds: number;
  /** Null for that of the toy model. */
  readonly evaluation: string | Uint8Array | null;
  readonly #clock: SandboxClock;
  readonly #state: StateStore;
  readonly #options: Required<Pick<TrainingOptions, 'seconds' | 'atOnce' | 'plainPredictions' | 'artifactBytes'>>;
  readonly #plans: TrainingPlan[] = [];
  #lastTaken: Promise<unknown> = Promise.resolve();

  /** @throws BAD_INPUT for options that make no sense. */
  constructor(clock: SandboxClock, state: StateStore, options: TrainingOptions) {
    this.#clock = clock;
    this.#state = state;
    this.evaluation = options.evaluation ?? null;
    this.artifactLifetimeSeconds = atLeast0('artifactLifetimeSeconds', options.artifactLifetimeSeconds ?? 900);
    this.#options = {
      seconds: atLeast0('seconds', options.seconds ?? 8),
      atOnce: atLeast0('atOnce', options.atOnce ?? 100),
      plainPredictions: options.plainPredictions ?? false,
      artifactBytes: atLeast0('artifactBytes', options.artifactBytes ?? 2_000_000, mostBytes),
    };
  }

  /** Plans the outcome of the next job; several plans are for as many jobs, in turn. @throws BAD_INPUT */
  plan(plan: TrainingPlan): void {
    atLeast0('seconds', plan.seconds ?? 0);
    atLeast0('at', plan.at ?? 0, 1);
    atLeast0('artifactBytes', plan.artifactBytes ?? 0, mostBytes);
    this.#plans.push(plan);
  }

  /** Takes a job in; null while as many as may be are under way. Its id is known once it is kept. */
  submit(submission: TrainingSubmission): Promise<string | null> {
    // One after the other: what is under way is counted before the next one is let in.
    const taken = this.#lastTaken.then(() => this.#take(submission));
    this.#lastTaken = taken.catch(() => undefined);
    return taken;
  }

  async #take(submission: TrainingSubmission): Promise<string | null> {
    if (await this.#isBusy()) return null;
    const plan = this.#plans.shift() ?? {};
    const status = plan.end ?? 'COMPLETED';
    const job: StoredJob = {
      jobId: `training-${randomUUID()}`,
      skillId: submission.skillId,
      submittedAt: this.#clock.iso(),
      utterances: submission.trainingData.utterances.length,
      labels: submission.labels.length,
      seconds: plan.seconds ?? this.#options.seconds,
      end: {
        status,
        at: status === 'COMPLETED' ? 1 : (plan.at ?? 0.5),
        reason: plan.reason ?? (status === 'FAILED' ? 'The training did not converge.' : 'The job was cancelled.'),
      },
      holdIn: plan.holdIn ?? null,
      plainPredictions: plan.plainPredictions ?? this.#options.plainPredictions,
      artifactBytes: Math.floor(plan.artifactBytes ?? this.#options.artifactBytes),
    };
    // The job is written last, so that its training data exists when it is found.
    await this.#state.create(this.#key(job.jobId, 'submission'), JSON.stringify(submission));
    await this.#state.create(this.#key(job.jobId, 'job'), JSON.stringify(job));
    return job.jobId;
  }

  /** A job and its current status; null for an unknown one. */
  async find(jobId: string): Promise<{ readonly job: StoredJob; readonly state: JobState } | null> {
    // An id that is not ours is not looked up: it may not be a valid key.
    if (!/^training-[0-9a-f-]{36}$/.test(jobId)) return null;
    const text = await this.#read(jobId, 'job');
    if (text === null) return null;
    const job = storedJob.parse(JSON.parse(text));
    return { job, state: stateOf(job, await this.#interventions(job), this.#clock.now()) };
  }

  /** What a job is trained on. @throws BAD_INPUT for an unknown one. */
  async submission(jobId: string): Promise<TrainingSubmission> {
    const text = (await this.find(jobId)) === null ? null : await this.#read(jobId, 'submission');
    if (text === null) throw unknownJob(jobId);
    return trainingSubmission.parse(JSON.parse(text));
  }

  /** Every job, in the order of submission. */
  async list(): Promise<ListedTraining[]> {
    const found = await Promise.all((await this.#state.list(folder)).map(jobId => this.find(jobId)));
    return found
      .flatMap(each => (each === null ? [] : [each]))
      .map(({ job: { jobId, skillId, submittedAt, utterances, labels }, state: { status, stage } }) => ({
        jobId,
        skillId,
        submittedAt,
        status,
        stage,
        utterances,
        labels,
      }))
      .sort((one, other) => Date.parse(one.submittedAt) - Date.parse(other.submittedAt));
  }

  /** Lets a job that is held in a stage go on. @throws BAD_INPUT for an unknown one. */
  async release(jobId: string): Promise<void> {
    await this.#mark(jobId, 'released');
  }

  /** Cancels a job that has not ended, as somebody at the platform would. @throws BAD_INPUT for an unknown one. */
  async cancel(jobId: string): Promise<void> {
    await this.#mark(jobId, 'cancelled');
  }

  async #isBusy(): Promise<boolean> {
    const listed = await this.list();
    return listed.filter(job => !isTerminal(job)).length >= this.#options.atOnce;
  }

  async #interventions({ jobId, holdIn }: StoredJob): Promise<Interventions> {
    return {
      releasedAt: holdIn === null ? null : await this.#instant(jobId, 'released'),
      cancelledAt: await this.#instant(jobId, 'cancelled'),
    };
  }

  async #mark(jobId: string, what: 'released' | 'cancelled'): Promise<void> {
    if ((await this.find(jobId)) === null) throw unknownJob(jobId);
    await this.#state.create(this.#key(jobId, what), JSON.stringify(this.#clock.iso()));
  }

  async #instant(jobId: string, what: 'released' | 'cancelled'): Promise<number | null> {
    const text = await this.#read(jobId, what);
    return text === null ? null : Date.parse(storedJob.shape.submittedAt.parse(JSON.parse(text)));
  }

  async #read(jobId: string, what: string): Promise<string | null> {
    const bytes = await this.#state.readIfThere(this.#key(jobId, what));
    return bytes === null ? null : new TextDecoder().decode(bytes);
  }

  #key(jobId: string, what: string): string {
    return `${folder}/${jobId}/${what}.json`;
  }
}

function atLeast0(name: string, value: number, most = Number.MAX_SAFE_INTEGER): number {
  if (value >= 0 && value <= most) return value;
  const where = `training.${name}`;
  const range = most === Number.MAX_SAFE_INTEGER ? 'at least 0' : `from 0 to ${most}`;
  throw new MlopsError('BAD_INPUT', `${where} must be ${range}.`, { where });
}

function unknownJob(jobId: string): MlopsError {
  return new MlopsError('BAD_INPUT', `There is no training job ${jobId}.`, { where: 'trainings' });
}
