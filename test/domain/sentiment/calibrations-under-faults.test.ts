import fc from 'fast-check';
import { expect, it } from 'vitest';
import { busyBackoffMs } from '../../../src/domain/sentiment/busy-backoff.ts';
import { type CalibrationEvent, calibrationEvent } from '../../../src/domain/sentiment/calibration-event.ts';
import {
  type Calibrated,
  emptyLog,
  foldCalibrations,
  mayBeCancelled,
  mayBeRetried,
} from '../../../src/domain/sentiment/calibration-log.ts';
import { nextStep } from '../../../src/domain/sentiment/next-step.ts';
import { event, type Kind, start } from './calibration-events.ts';

/** What happens to a PUT, or to the worker that sends it. */
const fates = [
  'answered',
  'lost',
  'lost after it had its effect',
  'crash before',
  'crash after',
  '429',
  '400',
] as const;
type Fate = (typeof fates)[number];

interface Turn {
  /** Whose job runs. */
  readonly job: number;
  readonly fate: Fate;
  /** Seconds that pass before. */
  readonly passes: number;
  /** How long the job of an accepted PUT runs, in seconds, and whether it holds others as a reweight. */
  readonly runs: number;
  readonly isReweight: boolean;
  readonly whim: 'cancel' | 'retry' | 'lose track' | 'none';
}

const turn: fc.Arbitrary<Turn> = fc.record({
  job: fc.nat(3),
  fate: fc.constantFrom(...fates, 'answered' as const, 'answered' as const),
  passes: fc.constantFrom(0, 1, 3, 70, 100),
  runs: fc.constantFrom(0, 10, 500),
  isReweight: fc.boolean(),
  whim: fc.constantFrom('none', 'none', 'none', 'none', 'cancel', 'retry', 'lose track'),
});

const mostLost = 1;

/** A platform that applies each key once, and the jobs of some requests, each doing what `nextStep` says. */
class World {
  now = start;
  log = emptyLog;
  /** The versions in the order in which they had their effect. */
  readonly applied: number[] = [];
  readonly ends = new Map<string, number>();
  busyUntil = 0;
  readonly lost = new Map<number, number>();
  readonly lastBusy = new Map<number, { at: number; answers: number }>();

  append(...events: CalibrationEvent[]): void {
    for (const each of events) {
      const written = calibrationEvent.parse({ ...each, at: new Date(this.now).toISOString() });
      this.log = foldCalibrations([written], this.log);
    }
  }

  of(version: number): Calibrated {
    const found = this.log.calibrations[version - 1];
    if (found === undefined) throw new Error(`no version ${version}`);
    return found;
  }

  run({ job, fate, passes, runs, isReweight, whim }: Turn): string {
    this.now += passes * 1000;
    const version = job + 1;
    const own = this.of(version);
    if (whim === 'cancel' && mayBeCancelled(own)) this.append(event('cancelled', version));
    if (whim === 'retry' && mayBeRetried(own, this.log)) this.append(event('retried', version));
    if (whim === 'lose track' && own.state === 'accepted') this.append(event('untracked', version));
    const step = nextStep(this.log, own.request, this.now);
    if (step.kind === 'record') this.append(step.event);
    if (step.kind === 'wait-until') expect(step.at).toBeGreaterThan(this.now);
    if (step.kind === 'wait-until' && passes === 100) this.now = step.at;
    if (step.kind === 'follow') {
      const end = this.ends.get(step.jobId) ?? Number.POSITIVE_INFINITY;
      if (this.now >= end) this.append(event('completed', step.version));
    }
    if (step.kind === 'put') this.put(version, fate, runs * 1000, isReweight);
    return step.kind;
  }

  put(version: number, fate: Fate, runs: number, isReweight: boolean): void {
    this.checkBeforePut(version);
    this.append(event('sending', version));
    const answer = this.answer(version, fate, runs, isReweight);
    if (answer === null) return;
    this.append(event(answer, version));
    const { busy } = this.of(version);
    if (answer === 'busy' && busy !== null) this.lastBusy.set(version, { at: this.now, answers: busy.answers });
  }

  /** What the sender learns; `null` where it crashed. */
  answer(version: number, fate: Fate, runs: number, isReweight: boolean): Kind | null {
    if (fate === 'crash before') return null;
    if (fate === '429') return 'not-accepted';
    if (fate === 'lost') return this.lose(version);
    const isKnown = this.applied.includes(version);
    if (fate === '400' && !isKnown) return 'failed';
    if (!isKnown && this.now < this.busyUntil) return fate === 'answered' ? 'busy' : this.lose(version);
    if (!isKnown) {
      this.applied.push(version);
      this.ends.set(`job-${version}`, this.now + runs);
      if (isReweight) this.busyUntil = Math.max(this.busyUntil, this.now + runs);
    }
    if (fate === 'crash after') return null;
    return fate === 'lost after it had its effect' ? this.lose(version) : 'accepted';
  }

  lose(version: number): Kind {
    const times = (this.lost.get(version) ?? 0) + 1;
    this.lost.set(version, times);
    return times > mostLost ? 'unknown' : 'unanswered';
  }

  checkBeforePut(version: number): void {
    // Nothing is undone: no later version was accepted.
    expect(this.log.newestAccepted).toBeLessThan(version);
    for (const each of this.log.calibrations) {
      if (each.version < version)
        expect(['waiting', 'sending', 'busy', 'unanswered', 'accepted']).not.toContain(each.state);
      // No known job runs, unless it can no longer be followed.
      if (each.accepted !== null && each.version !== version) expect(each.state).not.toBe('accepted');
    }
    const busy = this.lastBusy.get(version);
    if (this.of(version).state === 'busy' && busy !== undefined)
      expect(this.now - busy.at).toBeGreaterThanOrEqual(busyBackoffMs(busy.answers));
  }
}

it('sends each calibration in its order and at most once with effect, whatever fails', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 4 }),
      fc.array(turn, { minLength: 20, maxLength: 80, size: 'max' }),
      (count, turns) => {
        const world = new World();
        for (let version = 1; version <= count; version++) world.append(event('requested', version));
        for (const each of turns) world.run({ ...each, job: each.job % count });
        // From now on nothing fails: every calibration ends.
        const calm = { fate: 'answered', passes: 100, runs: 10, isReweight: true, whim: 'none' } as const;
        for (let round = 0; round < 200 && world.log.open.length > 0; round++)
          for (let job = 0; job < count; job++) world.run({ ...calm, job });
        for (let job = 0; job < count; job++) world.run({ ...calm, job });
        expect(world.log.open).toEqual([]);

        const { calibrations, newestAccepted } = world.log;
        for (const { version, state } of calibrations) {
          if (state === 'cancelled' || state === 'failed') expect(world.applied).not.toContain(version);
          if (state === 'completed' || state === 'untracked') expect(world.applied).toContain(version);
          if (state === 'superseded') expect(version).toBeLessThan(newestAccepted);
          if (state === 'unknown') expect(version).toBeGreaterThan(newestAccepted);
        }
        // What is in force on the platform is the newest that the log knows, or one after it whose outcome is unknown.
        const inForce = world.applied.at(-1) ?? 0;
        expect(inForce).toBeGreaterThanOrEqual(newestAccepted);
        expect(world.applied).toEqual([...world.applied].sort((a, b) => a - b));
      },
    ),
    { numRuns: 300 },
  );
});
