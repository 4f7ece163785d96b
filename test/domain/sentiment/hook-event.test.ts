import { describe, expect, it } from 'vitest';
import { alert, alertOf } from '../../../src/domain/sentiment/alert.ts';
import { foldCalibrations } from '../../../src/domain/sentiment/calibration-log.ts';
import { type AlertTriggered, parseHookEvent } from '../../../src/domain/sentiment/hook-event.ts';
import { logOf } from './calibration-events.ts';

const triggered = {
  id: 'evt_1',
  type: 'agentassist.alert.triggered',
  timestamp: '2024-05-15T12:00:10.000Z',
  data: {
    alertId: 'alert_1',
    interactionId: 'conv_1',
    emotion: 'anger',
    score: 0.91,
    directive: 'block',
    threshold: 0.88,
    calibrationJobId: 'job-1',
  },
};
const { alertId, interactionId, emotion } = triggered.data;

function eventOf(json: unknown) {
  const parsed = parseHookEvent(json);
  if (!parsed.ok) throw new Error(`refused: ${JSON.stringify(parsed.fields)}`);
  return parsed.event;
}

function alertEvent(json: unknown): AlertTriggered {
  const event = eventOf(json);
  if (event.type !== 'agentassist.alert.triggered') throw new Error(`it is ${event.type}`);
  return event;
}

function fieldsOf(json: unknown): string[] {
  const parsed = parseHookEvent(json);
  return parsed.ok ? [] : parsed.fields.map(({ field }) => field).sort();
}

describe('an event', () => {
  it('of an alert is read', () => {
    const { data, timestamp: at, ...rest } = triggered;
    expect(eventOf(triggered)).toEqual({ ...rest, at, ...data });
  });

  it('is read tolerantly: unknown fields, missing values and any offset', () => {
    const least = { alertId, interactionId, emotion, directive: 'warn', extra: { deep: true } };
    const event = { ...triggered, timestamp: '2024-05-15T14:00:10+02:00', data: least, version: 2 };
    const read = { score: null, threshold: null, calibrationJobId: null, directive: 'warn', at: triggered.timestamp };
    expect(eventOf(event)).toMatchObject(read);
    const nulls = { ...least, score: null, threshold: null, calibrationJobId: null };
    expect(eventOf({ ...event, data: nulls })).toEqual(eventOf(event));
    expect(eventOf(event)).not.toHaveProperty('extra');
  });

  it('of a calibration is read', () => {
    const data = { calibrationJobId: 'job-1', status: 'completed' };
    const event = { ...triggered, type: 'sentiment.calibration.updated', data };
    expect(eventOf(event)).toEqual({
      id: 'evt_1',
      at: triggered.timestamp,
      type: 'sentiment.calibration.updated',
      ...data,
    });
  });

  it('of another type is known by its name, whatever it holds', () => {
    expect(eventOf({ ...triggered, type: 'agent.joined', data: 7 })).toEqual({
      id: 'evt_1',
      at: triggered.timestamp,
      type: 'other',
      name: 'agent.joined',
    });
  });

  it('is refused with every wrong field', () => {
    expect(fieldsOf({})).toEqual(['id', 'timestamp', 'type']);
    expect(fieldsOf({ ...triggered, id: '', timestamp: 'yesterday' })).toEqual(['id', 'timestamp']);
    const data = { ...triggered.data, alertId: 7, score: 1.1, emotion: 'x'.repeat(65) };
    expect(fieldsOf({ ...triggered, data })).toEqual(['data.alertId', 'data.emotion', 'data.score']);
    expect(fieldsOf({ ...triggered, type: 'sentiment.calibration.updated' })).toEqual(['data.status']);
    expect(fieldsOf({ ...triggered, data: null })).toEqual(['data']);
    for (const json of [null, [], 'text']) expect(fieldsOf(json)).toEqual(['(whole)']);
    expect(eventOf({ id: 'evt_2', type: 'agent.left', timestamp: triggered.timestamp })).toMatchObject({
      type: 'other',
    });
  });
});

describe('the alert of an event', () => {
  const log = foldCalibrations(
    logOf('1 requested, 1 sending, 1 accepted, 1 completed, 2 requested, 2 sending, 2 accepted, 2 completed'),
  );
  const without = (timestamp: string) => ({
    ...triggered,
    timestamp,
    data: { ...triggered.data, calibrationJobId: null },
  });

  it('is open, and belongs to the calibration of its job', () => {
    const made = alertOf(alertEvent(triggered), log);
    expect(made).toMatchObject({ id: 'alert_1', calibrationJobId: 'job-1', calibration: 1, closed: null });
    expect(alert.parse(made)).toEqual(made);
  });

  it('belongs to none of ours where its job is not known', () => {
    const foreign = { ...triggered, data: { ...triggered.data, calibrationJobId: 'theirs' } };
    expect(alertOf(alertEvent(foreign), log)).toMatchObject({ calibrationJobId: 'theirs', calibration: null });
  });

  it('belongs to the calibration in force when it was raised, where it names no job', () => {
    const at = (timestamp: string) => alertOf(alertEvent(without(timestamp)), log);
    expect(at('2024-05-15T12:00:01.999Z')).toMatchObject({ calibrationJobId: null, calibration: null });
    expect(at('2024-05-15T12:00:02.000Z')).toMatchObject({ calibrationJobId: 'job-1', calibration: 1 });
    expect(at('2024-05-15T14:00:05.999+02:00')).toMatchObject({ calibration: 1 });
    expect(at('2024-05-15T12:00:06Z')).toMatchObject({ calibrationJobId: 'job-2', calibration: 2 });
  });
});
