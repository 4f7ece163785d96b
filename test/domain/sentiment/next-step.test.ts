import { describe, expect, it } from 'vitest';
import { busyBackoffMs } from '../../../src/domain/sentiment/busy-backoff.ts';
import type { CalibrationEvent } from '../../../src/domain/sentiment/calibration-event.ts';
import { foldCalibrations } from '../../../src/domain/sentiment/calibration-log.ts';
import { nextStep, type Step } from '../../../src/domain/sentiment/next-step.ts';
import { event, instant, logOf, start } from './calibration-events.ts';

const second = 1000;
const minute = 60 * second;

/** The step of a version's job, so many seconds after the start. */
function stepAt(events: readonly CalibrationEvent[], version: number, seconds: number): Step {
  return nextStep(foldCalibrations(events), `request-${version}`, start + seconds * second);
}
const step = (text: string, version = 1, seconds = 100) => stepAt(logOf(text), version, seconds);

describe('the back-off after 503', () => {
  it('is 5 s, doubling to 60 s', () => {
    expect([1, 2, 3, 4, 5, 6, 50].map(busyBackoffMs)).toEqual(
      [5, 10, 20, 40, 60, 60, 60].map(seconds => seconds * second),
    );
  });
});

describe('the next step of a calibration', () => {
  it('is to be requested, where the log does not hold it', () => {
    expect(step('')).toEqual({ kind: 'request' });
    expect(step('1 requested', 2)).toEqual({ kind: 'request' });
  });

  it.each([
    '1 requested',
    '1 requested, 1 sending',
    '1 requested, 1 sending, 1 unanswered',
    '1 requested, 1 sending, 1 not-accepted',
    '1 requested, 1 sending, 1 busy',
    '1 requested, 1 sending, 1 busy, 1 sending, 1 unanswered',
  ])('is to send, after %s', text => {
    expect(step(text)).toMatchObject({ kind: 'put', calibration: { version: 1 } });
  });

  it('is to follow its job once it is accepted', () => {
    expect(step('1 requested, 1 sending, 1 accepted')).toEqual({ kind: 'follow', version: 1, jobId: 'job-1' });
  });

  it.each([
    '1 requested, 1 sending, 1 accepted, 1 completed',
    '1 requested, 1 sending, 1 failed',
    '1 requested, 1 sending, 1 unknown',
    '1 requested, 1 sending, 1 accepted, 1 untracked',
    '1 requested, 1 cancelled',
  ])('is none, after %s', text => {
    expect(step(text)).toMatchObject({ kind: 'settled', calibration: { version: 1 } });
  });

  it.each([
    '1 requested',
    '1 requested, 1 sending',
    '1 requested, 1 sending, 1 busy',
    '1 requested, 1 sending, 1 unanswered',
    '1 requested, 1 sending, 1 accepted',
  ])('is to wait for the one before, after %s', text => {
    const log = [...logOf(text), event('requested', 2), event('requested', 3)];
    expect(stepAt(log, 3, 1000)).toEqual({ kind: 'wait-for-earlier', version: 1, request: 'request-1' });
  });

  it.each([
    '1 requested, 1 sending, 1 failed',
    '1 requested, 1 cancelled',
    '1 requested, 1 sending, 1 accepted, 1 completed',
    '1 requested, 1 sending, 1 accepted, 1 failed',
    '1 requested, 1 sending, 1 accepted, 1 untracked',
  ])('is to send once the one before ended: %s', text => {
    expect(stepAt([...logOf(text), event('requested', 2)], 2, 10)).toMatchObject({ kind: 'put' });
  });
});

describe('while a reweight runs', () => {
  const busyAt = (...seconds: number[]) => [
    event('requested'),
    ...seconds.flatMap(each => [event('sending', 1, each), event('busy', 1, each)]),
  ];

  it('is to wait for the back-off, then to send', () => {
    expect(stepAt(busyAt(0), 1, 4.999)).toEqual({ kind: 'wait-until', at: start + 5 * second, why: 'busy' });
    expect(stepAt(busyAt(0), 1, 5)).toMatchObject({ kind: 'put' });
    expect(stepAt(busyAt(0, 5), 1, 14)).toEqual({ kind: 'wait-until', at: start + 15 * second, why: 'busy' });
    expect(stepAt(busyAt(0, 5, 15, 35, 75), 1, 134)).toMatchObject({ kind: 'wait-until', at: start + 135 * second });
  });

  it('follows the last known job first, and sends nothing while it runs', () => {
    const log = [...logOf('1 requested, 1 sending, 1 accepted, 1 untracked, 2 requested, 2 sending, 2 busy')];
    expect(stepAt(log, 2, 5000)).toEqual({ kind: 'follow', version: 1, jobId: 'job-1' });
    expect(stepAt([...log, event('completed', 1, 5000)], 2, 5000)).toMatchObject({ kind: 'put' });
  });

  const everyMinute = (minutes: number) => busyAt(...Array.from({ length: minutes + 1 }, (_, each) => each * 60));

  it('gives up after 30 minutes of 503, not before', () => {
    expect(stepAt(everyMinute(29), 1, 30 * 60)).toMatchObject({ kind: 'put' });
    expect(stepAt(everyMinute(30), 1, 30 * 60)).toMatchObject({
      kind: 'record',
      event: { kind: 'failed', version: 1, at: instant(1800), reason: { code: 'CALIBRATION_BUSY' } },
    });
  });

  it('gives up as unknown where an answer was lost before', () => {
    const [asked, ...answers] = everyMinute(30);
    if (asked === undefined) throw new Error('an empty log');
    const log = [asked, event('sending'), event('unanswered'), ...answers];
    expect(stepAt(log, 1, 1800)).toMatchObject({ kind: 'record', event: { kind: 'unknown', version: 1 } });
  });

  it('does not count the time in which no worker ran', () => {
    expect(stepAt(busyAt(0, 5, 10_000), 1, 10_100)).toMatchObject({ kind: 'put' });
  });

  it('gives up so that the log can follow', () => {
    const log = foldCalibrations(everyMinute(30));
    const given = nextStep(log, 'request-1', start + 30 * minute);
    if (given.kind !== 'record') throw new Error(`the step is ${given.kind}`);
    expect(foldCalibrations([given.event], log).calibrations[0]?.state).toBe('failed');
  });

  it('depends on no instant far ahead, which a wrong clock wrote', () => {
    expect(stepAt(busyAt(7200), 1, 0)).toMatchObject({ kind: 'put' });
  });
});

describe('after one whose outcome is unknown', () => {
  const unknown = '1 requested, 1 sending, 1 unknown, 2 requested';

  it('is to wait until it can no longer arrive, then to send', () => {
    expect(step(unknown, 2, 90)).toEqual({ kind: 'wait-until', at: start + 91 * second, why: 'in-flight' });
    expect(step(unknown, 2, 91)).toMatchObject({ kind: 'put', calibration: { version: 2 } });
  });

  it('is to send it again first, where it is retried', () => {
    expect(step(`${unknown}, 1 retried`, 2)).toMatchObject({ kind: 'wait-for-earlier', version: 1 });
    expect(step(`${unknown}, 1 retried`, 1)).toMatchObject({ kind: 'put', calibration: { version: 1 } });
  });

  it('is to record it as superseded, once a later one is accepted', () => {
    const accepted = `${unknown}, 2 sending, 2 accepted`;
    for (const version of [1, 2])
      expect(step(accepted, version)).toEqual({
        kind: 'record',
        event: { kind: 'superseded', version: 1, at: instant(100), by: 2 },
      });
    expect(step(`${accepted}, 1 superseded`, 1)).toMatchObject({ kind: 'settled' });
    expect(step(`${accepted}, 1 superseded`, 2)).toMatchObject({ kind: 'follow', version: 2 });
  });

  it('never drops one that only waits', () => {
    const log = [...logOf(`${unknown}, 3 requested, 2 sending, 2 accepted, 1 superseded`)];
    expect(stepAt(log, 3, 1000)).toMatchObject({ kind: 'wait-for-earlier', version: 2 });
    expect(stepAt([...log, event('completed', 2, 20)], 3, 1000)).toMatchObject({ kind: 'put' });
  });
});
