import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closeAlert, stateOfAlert } from '../../../src/domain/sentiment/alert.ts';
import { type AlertFilter, alertFilter, alertPage, compareAlerts } from '../../../src/domain/sentiment/alert-filter.ts';
import { alertWith, anyAlerts } from './arbitrary-alerts.ts';

describe('an alert', () => {
  const how = { outcome: 'confirmed', at: '2024-05-16T12:00:00.000Z', by: 'alice', reason: 'was angry' } as const;

  it('is closed once', () => {
    const closed = closeAlert(alertWith({}), how);
    if (!closed.ok) throw new Error(closed.why);
    expect(stateOfAlert(alertWith({}))).toBe('open');
    expect(stateOfAlert(closed.alert)).toBe('confirmed');
    expect(closed.alert).toEqual(alertWith({ closed: how }));
    for (const outcome of ['confirmed', 'refuted'] as const)
      expect(closeAlert(closed.alert, { ...how, outcome })).toEqual({ ok: false, why: 'closed', by: how });
  });

  it('must be known to be closed', () => {
    expect(closeAlert(null, how)).toEqual({ ok: false, why: 'not-found' });
  });
});

describe('a list of alerts', () => {
  const ids = (filter: AlertFilter, ...alerts: Parameters<typeof alertWith>[0][]) => {
    const all = alerts.map((each, index) => alertWith({ id: `${index}`, ...each })).sort(compareAlerts);
    return alertPage(all, filter, { after: null, limit: 100 })?.alerts.map(({ id }) => id);
  };

  it('has those that match every field of the filter', () => {
    const closed = { outcome: 'refuted', at: '2024-05-16T12:00:00.000Z', by: 'alice', reason: null } as const;
    expect(ids({ state: 'refuted' }, {}, { closed })).toEqual(['1']);
    expect(ids({ state: 'open' }, {}, { closed })).toEqual(['0']);
    expect(ids({ emotion: 'anger', directive: 'block' }, { directive: 'block' }, {}, { emotion: 'joy' })).toEqual([
      '0',
    ]);
    expect(ids({ calibration: 2 }, { calibration: 2 }, { calibration: 3 }, {})).toEqual(['0']);
  });

  it('has its times from an instant on and before another', () => {
    const at = (minute: number) => ({ at: `2024-05-15T12:0${minute}:00.000Z` });
    const filter = { since: at(1).at, until: at(3).at };
    expect(ids(filter, at(0), at(1), at(2), at(3))).toEqual(['2', '1']);
  });

  it('refuses a filter that it does not know', () => {
    for (const filter of [{ state: 'closed' }, { since: 'today' }, { until: '2024-05-15' }, { mood: 'anger' }])
      expect(alertFilter.safeParse(filter).success).toBe(false);
  });

  const anyFilter: fc.Arbitrary<AlertFilter> = fc
    .record({
      state: fc.constantFrom(undefined, undefined, 'open', 'confirmed', 'refuted'),
      emotion: fc.constantFrom(undefined, undefined, 'anger'),
      directive: fc.constantFrom(undefined, undefined, 'block'),
    })
    .map(filter => alertFilter.parse(filter));

  it('is the same in pages of any size as in one, also where alerts are added between pages', () => {
    fc.assert(
      fc.property(anyAlerts, anyFilter, fc.integer({ min: 1, max: 7 }), (alerts, filter, limit) => {
        const all = alerts.toSorted(compareAlerts);
        const expected = all.filter(
          ({ emotion, directive, closed }) =>
            (filter.state ?? closed?.outcome ?? 'open') === (closed?.outcome ?? 'open') &&
            (filter.emotion ?? emotion) === emotion &&
            (filter.directive ?? directive) === directive,
        );
        const paged = [];
        let after: string | null = null;
        let newer = all;
        do {
          const page = alertPage(newer, filter, { after, limit });
          if (page === null) throw new Error('the cursor was refused');
          expect(page.next === null || page.alerts.length === limit).toBe(true);
          paged.push(...page.alerts);
          after = page.next;
          newer = [alertWith({ id: 'new', at: '2030-01-01T00:00:00.000Z' }), ...all];
        } while (after !== null);
        expect(paged).toEqual(expected);
      }),
    );
  });

  it('has no page after what is not a cursor', () => {
    for (const after of [
      '',
      'x',
      '2024-05-15T12:00:00.000Z',
      '2024-05-15T12:00:00.000Z~',
      '2024-15-15T12:00:00.000Z~a',
    ])
      expect(alertPage([], {}, { after, limit: 10 })).toBeNull();
  });
});
