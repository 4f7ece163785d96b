import { randomUUID } from 'node:crypto';
import { services } from '../../platform/endpoints.ts';
import type { Answer } from '../kernel/answer.ts';
import type { SandboxClock } from '../kernel/clock.ts';
import type { SandboxService } from '../kernel/pipeline.ts';
import type { SandboxRequest } from '../kernel/sandbox-request.ts';
import { AuditTrail } from './audit-trail.ts';
import { type CalibrationOptions, Calibrations } from './calibrations.ts';
import { type DeliveryOptions, Webhooks } from './webhooks.ts';
import type { EventType, PlatformEvent } from './wire.ts';

/** How the sentiment service behaves; everything has a default. */
export interface CognigyOptions extends CalibrationOptions {
  readonly webhooks?: DeliveryOptions;
  /** Alerts that are sent after each completed calibration; 0 by default. */
  readonly alertsPerCalibration?: number;
}

/** What an alert is about, where it differs from an invented one. */
export interface AlertContent {
  /** 0 to 1; 0.9 by default. */
  readonly score?: number;
  readonly emotion?: string;
  readonly directive?: string;
  readonly threshold?: number;
  readonly calibrationJobId?: string;
}

/** How often a job that runs is looked at, so that its end is announced without a request. */
const lookMs = 100;

/** The simulated sentiment calibration, with its webhooks and its audit trail. */
export class Cognigy {
  readonly calibrations: Calibrations;
  readonly webhooks: Webhooks;
  readonly trail = new AuditTrail();
  readonly #clock: SandboxClock;
  readonly #closing: AbortSignal;
  readonly #alertsPerCalibration: number;
  #isLooking = false;

  constructor(options: CognigyOptions, clock: SandboxClock, closing: AbortSignal) {
    this.calibrations = new Calibrations(options, clock);
    this.webhooks = new Webhooks(options.webhooks ?? {}, clock, closing);
    this.#clock = clock;
    this.#closing = closing;
    this.#alertsPerCalibration = options.alertsPerCalibration ?? 0;
  }

  /** Sends `count` alerts, one batch; returns them in their own order, whatever the order of delivery. */
  triggerAlerts(count: number, content: AlertContent = {}): PlatformEvent[] {
    const events = Array.from({ length: count }, (_, index) =>
      this.#event('agentassist.alert.triggered', {
        alertId: `alert-${randomUUID()}`,
        interactionId: `int-${index + 1}`,
        emotion: 'anger',
        score: 0.9,
        directive: 'notify',
        threshold: 0.8,
        ...content,
      }),
    );
    this.webhooks.send(events);
    return events;
  }

  /** Ends a running job now and announces it. @throws BAD_INPUT for an unknown one. */
  release(jobId: string): void {
    this.calibrations.release(jobId);
    this.#announce();
  }

  service(): SandboxService {
    return {
      service: services.cognigy,
      routes: [
        {
          endpoint: { method: 'PUT', path: '/api/v1/agentassist/sentiment/calibration', family: 'CALIBRATION' },
          answer: request => this.#put(request),
        },
        {
          endpoint: {
            method: 'GET',
            path: '/api/v1/agentassist/sentiment/calibration/jobs/{jobId}',
            family: 'CALIBRATION_STATUS',
          },
          answer: request => {
            this.#announce();
            return this.calibrations.status(request);
          },
        },
        {
          endpoint: { method: 'POST', path: '/api/v1/agentassist/webhooks', family: 'WEBHOOKS' },
          // The body has the secret that deliveries are signed with.
          unlogged: { body: true },
          answer: request => this.webhooks.register(request),
        },
        {
          endpoint: { method: 'GET', path: '/api/v1/audit/sentiment/calibration', family: 'AUDIT_TRAIL' },
          answer: request => {
            this.#announce();
            return this.trail.page(request);
          },
        },
      ],
    };
  }

  #put(request: SandboxRequest): Answer {
    this.#announce();
    const answer = this.calibrations.put(request);
    this.#announce();
    this.#look();
    return answer;
  }

  /** Notifies the audit trail and the webhooks of finished jobs. */
  #announce(): void {
    for (const { jobId, key, body, status, appliedAt } of this.calibrations.ended()) {
      this.trail.items.push({
        id: `audit-${this.trail.items.length + 1}`,
        timestamp: appliedAt,
        action: 'sentiment.calibration.updated',
        jobId,
        idempotencyKey: key,
        interactionCount: body.interaction_ids.length,
        status,
      });
      this.webhooks.send([this.#event('sentiment.calibration.updated', { calibrationJobId: jobId, status })]);
      if (status === 'completed' && this.#alertsPerCalibration > 0)
        this.triggerAlerts(this.#alertsPerCalibration, { calibrationJobId: jobId });
    }
  }

  #look(): void {
    if (this.#isLooking || !this.calibrations.isRunning) return;
    this.#isLooking = true;
    const timer = setInterval(() => {
      this.#announce();
      if (this.calibrations.isRunning) return;
      this.#isLooking = false;
      stop();
    }, lookMs);
    timer.unref();
    const stop = () => {
      clearInterval(timer);
      this.#closing.removeEventListener('abort', stop);
    };
    this.#closing.addEventListener('abort', stop);
  }

  #event(type: EventType, data: PlatformEvent['data']): PlatformEvent {
    return { id: `evt-${randomUUID()}`, type, timestamp: this.#clock.iso(), data };
  }
}
