import { describe, expect, it } from 'vitest';
import { calibrationEvent } from '../../../src/domain/sentiment/calibration-event.ts';
import {
  type Calibrated,
  type CalibrationState,
  calibrationOfJob,
  foldCalibrations,
  inForceAt,
  isEnded,
  isOpen,
  lastApplied,
  mayBeCancelled,
  mayBeRetried,
  mayHaveEffect,
} from '../../../src/domain/sentiment/calibration-log.ts';
import { codedBy } from '../../thrown.ts';
import { event, instant, type Kind, kinds, logOf } from './calibration-events.ts';

/** The state of version 1, with `?` where a PUT may have had an effect. */
type Shown = `${CalibrationState}${'' | '?'}`;

/** What may follow in each state of the only calibration of a log, and where it leads: the whole machine. */
const machine: Partial<Record<Shown, { way: string; next: Partial<Record<Kind, Shown>> }>> = {
  waiting: {
    way: '1 requested',
    next: { sending: 'sending?', failed: 'failed', cancelled: 'cancelled' },
  },
  'sending?': {
    way: '1 requested, 1 sending',
    next: {
      sending: 'sending?',
      busy: 'busy',
      'not-accepted': 'waiting',
      unanswered: 'unanswered?',
      accepted: 'accepted',
      failed: 'failed',
      unknown: 'unknown?',
    },
  },
  busy: {
    way: '1 requested, 1 sending, 1 busy',
    next: { sending: 'sending?', failed: 'failed', cancelled: 'cancelled' },
  },
  'busy?': {
    way: '1 requested, 1 sending, 1 unanswered, 1 sending, 1 busy',
    next: { sending: 'sending?', accepted: 'accepted', unknown: 'unknown?' },
  },
  'unanswered?': {
    way: '1 requested, 1 sending, 1 unanswered',
    next: { sending: 'sending?', accepted: 'accepted', unknown: 'unknown?' },
  },
  accepted: {
    way: '1 requested, 1 sending, 1 accepted',
    next: { completed: 'completed', failed: 'failed', untracked: 'untracked' },
  },
  untracked: {
    way: '1 requested, 1 sending, 1 accepted, 1 untracked',
    next: { completed: 'completed', failed: 'failed' },
  },
  'unknown?': {
    way: '1 requested, 1 sending, 1 unknown',
    next: { retried: 'unanswered?', accepted: 'accepted' },
  },
  completed: { way: '1 requested, 1 sending, 1 accepted, 1 completed', next: {} },
  failed: { way: '1 requested, 1 sending, 1 failed', next: {} },
  cancelled: { way: '1 requested, 1 cancelled', next: {} },
};

const shown = (each: Calibrated | undefined) =>
  each === undefined ? 'none' : `${each.state}${mayHaveEffect(each) ? '?' : ''}`;
const first = (text: string) => foldCalibrations(logOf(text)).calibrations[0];
const cases = Object.entries(machine).flatMap(([state, { way, next }]) =>
  kinds.map(kind => ({ state, way, kind, next: next[kind] })),
);

describe('the events', () => {
  it('can be written and read back', () => {
    for (const kind of kinds) {
      const one = event(kind);
      expect(calibrationEvent.parse(JSON.parse(JSON.stringify(one)))).toEqual(one);
      expect(calibrationEvent.safeParse({ ...one, extra: 1 }).success).toBe(false);
    }
  });
});

describe('the state of a calibration', () => {
  it.each(Object.entries(machine))('%s is reached', (state, { way }) => {
    expect(shown(first(way))).toBe(state);
  });

  it.each(cases)('$state, then $kind: $next', async ({ way, kind, next }) => {
    const follow = () => foldCalibrations([event(kind, 1, 60)], foldCalibrations(logOf(way)));
    if (next === undefined) {
      const error = await codedBy(follow);
      expect(error).toMatchObject({ code: 'CALIBRATION_LOG_DAMAGED', where: 'version 1' });
      expect(error.message).toContain(kind);
    } else expect(shown(follow().calibrations[0])).toBe(next);
  });

  it('can be cancelled exactly where the event may follow', () => {
    for (const [state, { way, next }] of Object.entries(machine)) {
      const reached = first(way);
      expect(reached && mayBeCancelled(reached), state).toBe('cancelled' in next);
    }
  });

  it('is open or ended, or rests', () => {
    const rests = ['unknown?', 'untracked'];
    for (const [state, { way }] of Object.entries(machine)) {
      const reached = first(way);
      expect(reached && !isOpen(reached) && !isEnded(reached), state).toBe(rests.includes(state));
    }
  });

  it('keeps what the events say', () => {
    const way = '1 requested, 1 sending, 1 busy, 1 sending, 1 unanswered, 1 sending, 1 accepted';
    expect(first(way)).toMatchObject({
      request: 'request-1',
      by: 'alice',
      at: instant(0),
      timesSent: 3,
      sentAt: instant(5),
      claim: 'c',
      isInDoubt: false,
      accepted: { at: instant(6), jobId: 'job-1', latencyMs: 120 },
      since: instant(6),
      reason: null,
    });
    expect(first('1 requested, 1 sending, 1 unknown')?.reason).toEqual({
      code: 'PLATFORM_UNAVAILABLE',
      message: 'answered 500',
    });
  });

  it('measures the time of 503 answers, without long gaps between them', () => {
    const sent = (seconds: number) => [event('sending', 1, seconds), event('busy', 1, seconds)];
    const { calibrations } = foldCalibrations([event('requested'), ...[0, 5, 15, 75, 4000].flatMap(sent)]);
    expect(calibrations[0]?.busy).toEqual({ answers: 5, ms: (75 + 120) * 1000, lastAt: instant(4000) });
  });
});

describe('the calibrations of a log', () => {
  const folded = (text: string) => foldCalibrations(logOf(text));
  const refused = (text: string) => codedBy(() => folded(text));

  it('have versions from 1 without gaps, and one request each', async () => {
    await refused('2 requested');
    await refused('1 requested, 3 requested');
    await refused('1 requested, 1 requested');
    await refused('1 sending');
    const twice = { ...event('requested', 2), request: 'request-1' };
    await codedBy(() => foldCalibrations([event('requested'), twice]));
    expect(folded('1 requested, 2 requested, 3 requested').open).toEqual([1, 2, 3]);
  });

  it('are sent one at a time, in their order', async () => {
    await refused('1 requested, 2 requested, 2 sending');
    await refused('1 requested, 2 requested, 1 sending, 2 sending');
    await refused('1 requested, 2 requested, 1 sending, 1 unanswered, 2 sending');
    await refused('1 requested, 2 requested, 1 sending, 1 busy, 2 sending');
    await refused('1 requested, 2 requested, 1 sending, 1 accepted, 2 sending');
    for (const end of ['1 sending, 1 failed', '1 cancelled', '1 sending, 1 accepted, 1 completed'])
      expect(folded(`1 requested, 2 requested, ${end}, 2 sending`).calibrations[1]?.state).toBe('sending');
    for (const rest of ['1 sending, 1 unknown', '1 sending, 1 accepted, 1 untracked'])
      expect(folded(`1 requested, 2 requested, ${rest}, 2 sending`).calibrations[1]?.state).toBe('sending');
  });

  const overtaken = '1 requested, 2 requested, 1 sending, 1 unknown, 2 sending, 2 accepted';

  it('are superseded where a later one was accepted while their outcome was unknown', async () => {
    expect(folded(`${overtaken}, 1 superseded`).calibrations[0]).toMatchObject({
      state: 'superseded',
      supersededBy: 2,
    });
    await refused(`${overtaken}, 1 superseded, 1 retried`);
    await refused('1 requested, 2 requested, 1 sending, 1 unknown, 1 superseded');
    await refused('1 requested, 2 requested, 1 sending, 1 failed, 2 sending, 2 accepted, 1 superseded');
    await refused('1 requested, 2 requested, 1 superseded');
  });

  it('are never sent again, nor accepted late, after a later one was accepted', async () => {
    await refused(`${overtaken}, 1 retried`);
    await refused(`${overtaken}, 1 accepted`);
  });

  it('may be retried only while no later one can have had an effect', async () => {
    const given = '1 requested, 2 requested, 1 sending, 1 unknown';
    const retriable = (text: string) => {
      const log = folded(text);
      const [one] = log.calibrations;
      return one !== undefined && mayBeRetried(one, log);
    };
    expect(retriable(given)).toBe(true);
    expect(folded(`${given}, 1 retried`).open).toEqual([1, 2]);
    for (const later of ['2 sending', '2 sending, 2 unanswered', '2 sending, 2 unknown', '2 sending, 2 accepted']) {
      expect(retriable(`${given}, ${later}`), later).toBe(false);
      await refused(`${given}, ${later}, 1 retried`);
    }
    for (const later of ['2 sending, 2 failed', '2 cancelled', '2 sending, 2 busy'])
      expect(retriable(`${given}, ${later}`), later).toBe(true);
  });

  it('count an answer that arrives late, unless a later one was accepted', () => {
    const late = folded('1 requested, 2 requested, 1 sending, 1 unknown, 2 sending, 1 accepted, 2 accepted');
    expect(late.calibrations.map(({ state }) => state)).toEqual(['accepted', 'accepted']);
    expect(late.newestAccepted).toBe(2);
  });

  it('can be folded in parts', () => {
    const events = logOf(`${overtaken}, 1 superseded, 2 completed`);
    const whole = foldCalibrations(events);
    for (let cut = 0; cut <= events.length; cut++)
      expect(foldCalibrations(events.slice(cut), foldCalibrations(events.slice(0, cut)))).toEqual(whole);
  });

  it('are in force from their acceptance on, unless their job failed', () => {
    const log = folded(
      '1 requested, 1 sending, 1 accepted, 1 completed, 2 requested, 2 sending, 2 accepted, 2 failed, 3 requested, 3 sending, 3 accepted',
    );
    const at = (seconds: number) => inForceAt(log, instant(seconds))?.version ?? null;
    expect([1, 2, 3, 6, 9, 10, 99].map(at)).toEqual([null, 1, 1, 1, 1, 3, 3]);
    expect(lastApplied(log)?.version).toBe(1);
    expect(lastApplied(foldCalibrations([]))).toBeNull();
    expect(calibrationOfJob(log, 'job-2')?.version).toBe(2);
    expect(calibrationOfJob(log, 'job-4')).toBeNull();
  });
});
