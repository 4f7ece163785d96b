import { bodyOf } from '../../../src/domain/sentiment/calibration-body.ts';
import type { CalibrationEvent } from '../../../src/domain/sentiment/calibration-event.ts';
import { sample } from './sample-calibration.ts';

export type Kind = CalibrationEvent['kind'];

export const start = Date.parse('2024-05-15T12:00:00.000Z');
export const instant = (seconds: number) => new Date(start + seconds * 1000).toISOString();

const reason = { code: 'PLATFORM_UNAVAILABLE', message: 'answered 500' };
const body = bodyOf(sample);

/** An event of a version, so many seconds after the start. */
export function event(kind: Kind, version = 1, seconds = 0): CalibrationEvent {
  const about = { version, at: instant(seconds) };
  switch (kind) {
    case 'requested': {
      const asked = { request: `request-${version}`, by: 'alice', source: { kind: 'request' } as const };
      return { kind, ...about, ...asked, body, interactions: null };
    }
    case 'sending':
      return { kind, ...about, claim: 'c' };
    case 'accepted':
      return { kind, ...about, jobId: `job-${version}`, latencyMs: 120 };
    case 'superseded':
      return { kind, ...about, by: version + 1 };
    case 'retried':
    case 'cancelled':
      return { kind, ...about, by: 'bob' };
    case 'busy':
    case 'completed':
      return { kind, ...about };
    default:
      return { kind, ...about, reason };
  }
}

export const kinds: readonly Kind[] = [
  'requested',
  'sending',
  'busy',
  'not-accepted',
  'unanswered',
  'accepted',
  'completed',
  'failed',
  'unknown',
  'retried',
  'untracked',
  'superseded',
  'cancelled',
];

/** A log written as `1 requested, 2 requested, 1 sending`, one event a second. */
export function logOf(text: string): CalibrationEvent[] {
  return text
    .split(', ')
    .filter(each => each !== '')
    .map((each, index) => {
      const [version, name] = each.split(' ');
      const kind = kinds.find(one => one === name);
      if (kind === undefined) throw new Error(`not an event: ${each}`);
      return event(kind, Number(version), index);
    });
}
