import { MlopsError } from '../../errors.ts';
import { type Answer, answerJson, refuse } from '../kernel/answer.ts';
import type { SandboxClock } from '../kernel/clock.ts';
import { readJsonBody, summary } from '../kernel/json-body.ts';
import type { SandboxRequest } from '../kernel/sandbox-request.ts';
import { type Calibration, calibration, calibrationErrors } from './wire.ts';

/** How calibrations go; everything has a default. */
export interface CalibrationOptions {
  /** How long a reweight takes, by the sandbox's clock; 3 by default. */
  readonly reweightSeconds?: number;
  /** What a 503 during a reweight says in `Retry-After`, in seconds; null, the default, for no header. */
  readonly busyRetryAfter?: number | null;
  /** Whether the answer to a PUT has the status of its job; true by default. */
  readonly statusInAnswer?: boolean;
}

/** What happens to the next calibration that is applied. */
export interface CalibrationPlan {
  readonly end?: 'completed' | 'failed';
  /** Why it failed. */
  readonly error?: string;
  /** Stays `running` until it is released; false by default. */
  readonly held?: boolean;
}

export type CalibrationStatus = 'running' | 'completed' | 'failed';

/** A calibration that was applied. */
export interface CalibrationJob {
  readonly jobId: string;
  readonly key: string;
  readonly body: Calibration;
  /** By the sandbox's clock, ISO 8601. */
  readonly appliedAt: string;
  readonly status: CalibrationStatus;
  readonly error: string | null;
}

/** A PUT that reached the endpoint within its limit. */
export interface CalibrationPut {
  readonly key: string | null;
  /** By the sandbox's clock, ISO 8601. */
  readonly at: string;
  /** False for a refused one, and for one whose key was applied before. */
  readonly applied: boolean;
  readonly status: number;
}

interface Kept {
  readonly job: Omit<CalibrationJob, 'status' | 'error'>;
  readonly plan: CalibrationPlan;
  /** In ms by the sandbox's clock; infinite while it is held. */
  endsAt: number;
  isAnnounced: boolean;
}

/** The calibrations of the simulated tenant. The status of each is computed from the clock. */
export class Calibrations {
  /** Every PUT that got here, oldest first. */
  readonly puts: CalibrationPut[] = [];
  readonly #clock: SandboxClock;
  readonly #options: CalibrationOptions;
  readonly #kept = new Map<string, Kept>();
  readonly #plans: CalibrationPlan[] = [];
  /** The end of a reweight that somebody else started, in ms. */
  #foreignUntil = 0;

  constructor(options: CalibrationOptions, clock: SandboxClock) {
    this.#options = options;
    this.#clock = clock;
  }

  /** Says what happens to the next calibration; several plans are for as many calibrations, in turn. */
  plan(plan: CalibrationPlan): void {
    this.#plans.push(plan);
  }

  /** A reweight that somebody else started: PUTs are answered 503 until it ends. In seconds by the sandbox's clock. */
  startForeignReweight(seconds: number): void {
    this.#foreignUntil = this.#clock.now() + seconds * 1_000;
  }

  /** The applied calibrations, oldest first. */
  list(): CalibrationJob[] {
    return [...this.#kept.values()].map(kept => this.#jobOf(kept));
  }

  /** Ends a running job now. @throws BAD_INPUT for an unknown one. */
  release(jobId: string): void {
    const kept = this.#find(jobId);
    if (kept === undefined)
      throw new MlopsError('BAD_INPUT', `The sandbox has no calibration job ${jobId}.`, { where: 'calibrations' });
    kept.endsAt = Math.min(kept.endsAt, this.#clock.now());
  }

  /** The jobs that have ended since the last call. */
  ended(): CalibrationJob[] {
    const ended = [...this.#kept.values()].filter(kept => !kept.isAnnounced && this.#jobOf(kept).status !== 'running');
    for (const kept of ended) kept.isAnnounced = true;
    return ended.map(kept => this.#jobOf(kept));
  }

  get isRunning(): boolean {
    return [...this.#kept.values()].some(({ endsAt }) => endsAt > this.#clock.now());
  }

  put(request: SandboxRequest): Answer {
    const key = request.header('x-idempotency-key') ?? null;
    const before = this.#kept.size;
    const answer = this.#put(request, key ?? '');
    this.puts.push({ key, at: this.#clock.iso(), applied: this.#kept.size > before, status: answer.status });
    return answer;
  }

  status({ params }: SandboxRequest): Answer {
    const kept = this.#find(params.jobId ?? '');
    if (kept === undefined) return refuse(404, 'Calibration job not found.');
    const { jobId, status, error } = this.#jobOf(kept);
    return answerJson(200, { jobId, status, ...(error === null ? {} : { error }) });
  }

  #put(request: SandboxRequest, key: string): Answer {
    const missing = [
      ...(key.trim() === '' ? [{ field: 'X-Idempotency-Key', message: 'is missing' }] : []),
      ...(request.header('x-format-version') === '2.1' ? [] : [{ field: 'X-Format-Version', message: 'must be 2.1' }]),
      ...(request.header('prefer') === 'return=minimal'
        ? []
        : [{ field: 'Prefer', message: 'must be return=minimal' }]),
    ];
    if (missing.length > 0) return refuse(400, summary('The headers are not valid', missing), { errors: missing });
    const read = readJsonBody(request, calibration, { what: 'calibration' });
    if ('refusal' in read) return read.refusal;
    const errors = calibrationErrors(read.body);
    if (errors.length > 0) return refuse(422, summary('The calibration is not valid', errors), { errors });

    const known = this.#kept.get(key);
    if (known !== undefined)
      return JSON.stringify(known.job.body) === JSON.stringify(read.body)
        ? this.#accepted(known)
        : refuse(422, 'The idempotency key was used with another body.');
    return this.#isBusy() ? this.#busy() : this.#accepted(this.#apply(key, read.body));
  }

  #apply(key: string, body: Calibration): Kept {
    const now = this.#clock.now();
    const plan = this.#plans.shift() ?? {};
    const seconds = body.trigger_model_reweight ? (this.#options.reweightSeconds ?? 3) : 0;
    const kept: Kept = {
      job: { jobId: `calibration-${this.#kept.size + 1}`, key, body, appliedAt: new Date(now).toISOString() },
      plan,
      endsAt: plan.held === true ? Number.POSITIVE_INFINITY : now + seconds * 1_000,
      isAnnounced: false,
    };
    this.#kept.set(key, kept);
    return kept;
  }

  #accepted(kept: Kept): Answer {
    const { jobId, status } = this.#jobOf(kept);
    return answerJson(200, { jobId, ...(this.#options.statusInAnswer === false ? {} : { status }) });
  }

  #isBusy(): boolean {
    return this.isRunning || this.#foreignUntil > this.#clock.now();
  }

  #busy(): Answer {
    const { busyRetryAfter = null } = this.#options;
    return refuse(503, 'The sentiment model is being reweighted.', {
      headers: busyRetryAfter === null ? {} : { 'retry-after': String(busyRetryAfter) },
    });
  }

  #find(jobId: string): Kept | undefined {
    return [...this.#kept.values()].find(({ job }) => job.jobId === jobId);
  }

  #jobOf({ job, plan, endsAt }: Kept): CalibrationJob {
    if (endsAt > this.#clock.now()) return { ...job, status: 'running', error: null };
    if (plan.end !== 'failed') return { ...job, status: 'completed', error: null };
    return { ...job, status: 'failed', error: plan.error ?? 'The reweight did not converge.' };
  }
}
