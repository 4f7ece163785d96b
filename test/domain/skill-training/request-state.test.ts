import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RequestEvent, requestEvent } from '../../../src/domain/skill-training/request-event.ts';
import {
  advance,
  isSettled,
  refuseAttach,
  refuseResubmission,
  type StateName,
  stateOf,
} from '../../../src/domain/skill-training/request-state.ts';
import { events, type Kind } from './sample-events.ts';

/** What may follow in each state, and where it leads: the whole machine. */
const machine: Record<StateName, Partial<Record<Kind, StateName>>> = {
  validated: { submitting: 'submitting', 'submission-refused': 'submission-refused', cancelled: 'cancelled' },
  submitting: {
    submitted: 'polling',
    'not-accepted': 'validated',
    'submission-refused': 'submission-refused',
    'submission-unknown': 'submission-unknown',
  },
  'submission-unknown': { attached: 'polling', resubmission: 'validated' },
  'submission-refused': {},
  polling: {
    'submission-unknown': 'submission-unknown',
    'timed-out': 'timed-out',
    failed: 'failed',
    cancelled: 'cancelled',
    evaluated: 'evaluated',
  },
  'timed-out': { attached: 'polling' },
  failed: {},
  cancelled: {},
  evaluated: { exported: 'exported', cancelled: 'cancelled' },
  exported: { audited: 'audited' },
  audited: {},
};

/** The shortest way to each state. */
const ways: Record<StateName, readonly Kind[]> = {
  validated: ['validated'],
  submitting: ['validated', 'submitting'],
  'submission-unknown': ['validated', 'submitting', 'submission-unknown'],
  'submission-refused': ['validated', 'submission-refused'],
  polling: ['validated', 'submitting', 'submitted'],
  'timed-out': ['validated', 'submitting', 'submitted', 'timed-out'],
  failed: ['validated', 'submitting', 'submitted', 'failed'],
  cancelled: ['validated', 'cancelled'],
  evaluated: ['validated', 'submitting', 'submitted', 'evaluated'],
  exported: ['validated', 'submitting', 'submitted', 'evaluated', 'exported'],
  audited: ['validated', 'submitting', 'submitted', 'evaluated', 'exported', 'audited'],
};
const kinds = Object.values(events).map(event => event.kind);
const names = Object.values(ways).map(way => logState(...way).name);

function logOf(...way: readonly Kind[]): RequestEvent[] {
  return way.map(kind => events[kind]);
}

function logState(...way: readonly Kind[]) {
  const state = stateOf(logOf(...way));
  if (state === null) throw new Error('an empty log');
  return state;
}

describe('the events', () => {
  it('can be written and read back', () => {
    for (const event of Object.values(events))
      expect(requestEvent.parse(JSON.parse(JSON.stringify(event)))).toEqual(event);
  });

  it('are refused with a field that is not theirs, or an instant that is none', () => {
    expect(requestEvent.safeParse({ ...events.submitted, claim: 'c' }).success).toBe(false);
    expect(requestEvent.safeParse({ ...events.submitted, at: '2024-05-15' }).success).toBe(false);
    expect(requestEvent.safeParse({ ...events.submitted, jobId: '' }).success).toBe(false);
  });
});

describe('the state of a request', () => {
  it('is nothing before its first event, which says that the data is valid', () => {
    expect(stateOf([])).toBeNull();
    for (const kind of kinds.filter(each => each !== 'validated'))
      expect(() => stateOf(logOf(kind))).toThrow(
        expect.objectContaining({ code: 'ARTIFACT_DAMAGED', where: 'entry 1' }),
      );
  });

  it.each(Object.entries(ways))('reaches %s', (name, way) => {
    expect(logState(...way).name).toBe(name);
  });

  const steps = names.flatMap(name => kinds.map(kind => [name, kind] as const));
  it.each(steps)('%s, then %s: leads on, or is refused', (name, kind) => {
    const next = machine[name][kind];
    const follow = () => stateOf(logOf(...ways[name], kind));
    if (next !== undefined) expect(follow()?.name).toBe(next);
    else expect(follow).toThrow(`, ${kind}, cannot follow the state ${name}`);
  });

  it('is as its log says, step by step, on any way', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 30 }), choices => {
        const way: Kind[] = ['validated'];
        let name: StateName = 'validated';
        for (const choice of choices) {
          const open = kinds.filter(kind => machine[name][kind] !== undefined);
          const kind = open[choice % open.length];
          if (kind === undefined) break;
          name = machine[name][kind] ?? name;
          way.push(kind);
        }
        const state = logState(...way);
        expect(state.name).toBe(name);
        expect(state.attempts).toBe(way.filter(kind => kind === 'submitting').length);
        expect(isSettled(state)).toBe(!['validated', 'submitting', 'polling', 'evaluated', 'exported'].includes(name));
      }),
    );
  });

  it('holds what its events said', () => {
    expect(logState(...ways.audited)).toEqual({
      name: 'audited',
      opening: events.validated,
      attempts: 1,
      since: events.audited.at,
      jobId: 'j-1',
      evaluated: events.evaluated,
      files: events.exported.files,
      registryEntry: 1,
    });
    expect(logState(...ways['timed-out'])).toMatchObject({ jobId: 'j-1', polls: 60 });
    expect(logState(...ways.submitting)).toMatchObject({ claim: 'c-1' });
    expect(logState('validated', 'submitting', 'not-accepted')).toMatchObject({
      name: 'validated',
      attempts: 1,
      refusedBefore: { code: 'PLATFORM_UNAVAILABLE' },
    });
    expect(logState(...ways.cancelled)).toMatchObject({ jobId: null, by: 'platform' });
    for (const way of [ways.polling, ways.evaluated])
      expect(logState(...way.concat('cancelled'))).toMatchObject({ jobId: 'j-1' });
  });

  it('lets no submission begin while one is under way or not known', () => {
    for (const way of [ways.submitting, ways['submission-unknown'], ways.polling, ways['timed-out']])
      expect(() => advance(logState(...way), events.submitting)).toThrow(/an entry, submitting, cannot follow/);
  });
});

describe('the remedies', () => {
  it('attach any job to a request whose job is not known, and only its own to one that timed out', () => {
    const unknown = logState(...ways['submission-unknown']);
    expect(() => refuseAttach(unknown, 'j-9')).not.toThrow();
    expect(advance(unknown, { ...events.attached, jobId: 'j-9' })).toMatchObject({ name: 'polling', jobId: 'j-9' });
    const timedOut = logState(...ways['timed-out']);
    expect(() => refuseAttach(timedOut, 'j-1')).not.toThrow();
    expect(() => refuseAttach(timedOut, 'j-9')).toThrow(/belongs to the job j-1/);
    expect(() => advance(timedOut, { ...events.attached, jobId: 'j-9' })).toThrow(/cannot follow/);
  });

  it('are refused in every other state, with its name', () => {
    for (const name of names.filter(each => each !== 'submission-unknown')) {
      const state = logState(...ways[name]);
      expect(() => refuseResubmission(state)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
      if (name !== 'timed-out') expect(() => refuseAttach(state, 'j-1')).toThrow(`is ${name}`);
    }
    expect(() => refuseResubmission(logState(...ways['submission-unknown']))).not.toThrow();
  });
});
