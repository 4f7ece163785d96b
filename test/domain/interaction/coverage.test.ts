import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Answer, coverage, missingPages, type PageRequest } from '../../../src/domain/interaction/coverage.ts';
import { drive, type Row, SimulatedLog, type Ties } from './simulated-log.ts';

const pageSize = 5;
/** Few instants, so that many rows share one, also more than a page. */
const ages = fc.array(fc.nat({ max: 12 }), { maxLength: 45 });
const order = fc.array(fc.nat({ max: 50 }), { maxLength: 200 });

const idsOf = (rows: readonly Row[]) => new Set(rows.map(row => row.id));
const lastPass = (requests: readonly { pass: number }[]) => Math.max(...requests.map(request => request.pass));

describe('coverage while rows only arrive', () => {
  const arrivals = fc.array(fc.nat({ max: pageSize - 1 }), { maxLength: 80 });

  it('completes with exactly the rows of the window, in whatever order questions are sent, answered and come back', () => {
    fc.assert(
      fc.property(ages, fc.nat({ max: 14 }), arrivals, order, (ages, newer, arrivals, order) => {
        const log = new SimulatedLog(ages, newer);
        const window = idsOf(log.window);
        let next = 0;
        const happen = () => {
          for (let count = arrivals[next++] ?? 0; count > 0; count--) log.arrive();
        };
        const { state, ids, requests } = drive(log, { pageSize, order, happen });
        expect(state).toEqual({ kind: 'complete', counted: window.size, erased: 0 });
        expect(ids).toEqual(window);
        const rows = ages.length + newer + arrivals.reduce((sum, each) => sum + each, 0);
        expect(requests.length).toBeLessThanOrEqual(3 * (Math.ceil(rows / pageSize) + 1) + 12);
        expect(lastPass(requests)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 1_500 },
    );
  });

  it('ends though rows arrive with every question, for ever', () => {
    for (let perRequest = 0; perRequest < pageSize; perRequest++) {
      const log = new SimulatedLog(Array.from({ length: 40 }, (_, age) => age));
      const window = idsOf(log.window);
      const happen = () => {
        for (let count = 0; count < perRequest; count++) log.arrive();
      };
      const { state, ids } = drive(log, { pageSize, happen });
      expect(state).toMatchObject({ kind: 'complete', counted: 40 });
      expect(ids).toEqual(window);
    }
  });

  it('requests nothing twice of a standing log', () => {
    fc.assert(
      fc.property(ages, order, (ages, order) => {
        const { requests, state } = drive(new SimulatedLog(ages), { pageSize, order });
        expect(state.kind).toBe('complete');
        expect(requests).toHaveLength(Math.max(1, Math.ceil(ages.length / pageSize)));
      }),
    );
  });

  it('requests nothing twice though the edge of the window is the border of two pages', () => {
    for (const newer of [0, 5, 10, 15])
      for (const count of [0, 1, 5, 10, 12]) {
        const log = new SimulatedLog(
          Array.from({ length: count }, (_, age) => age),
          newer,
        );
        const { state, requests } = drive(log, { pageSize });
        expect(state).toEqual({ kind: 'complete', counted: count, erased: 0 });
        expect(requests).toHaveLength(Math.max(1, Math.ceil((newer + count) / pageSize)));
      }
  });

  it('completes on an empty log', () => {
    expect(drive(new SimulatedLog([]), { pageSize })).toMatchObject({
      state: { kind: 'complete', counted: 0, erased: 0 },
      requests: [{ page: 1 }],
    });
  });

  it('completes with nothing when all rows are newer than the window', () => {
    for (let newer = 1; newer <= 21; newer++) {
      const { state, ids } = drive(new SimulatedLog([], newer), { pageSize });
      expect(state).toEqual({ kind: 'complete', counted: 0, erased: 0 });
      expect(ids.size).toBe(0);
    }
  });

  it('needs no walk to see that a window is empty while rows arrive', () => {
    for (let newer = 0; newer <= 21; newer++) {
      const log = new SimulatedLog([], newer);
      const { state, requests } = drive(log, {
        pageSize,
        happen: (log, request) => (request < 20 ? log.arrive() : undefined),
      });
      expect(state).toEqual({ kind: 'complete', counted: 0, erased: 0 });
      expect(lastPass(requests)).toBe(0);
    }
  });
});

describe('coverage while rows are erased', () => {
  const events = fc.array(
    fc.record({ arrivals: fc.nat({ max: 2 }), erases: fc.boolean(), which: fc.nat({ max: 60 }) }),
    { maxLength: 60 },
  );

  it('completes, and never without a row that was there all the time', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 40 }), { minLength: 5, maxLength: 40 }),
        events,
        order,
        (ages, events, order) => {
          const log = new SimulatedLog(ages);
          const before = idsOf(log.window);
          let next = 0;
          let left = 3;
          const happen = () => {
            const { arrivals, erases, which } = events[next++] ?? { arrivals: 0, erases: false, which: 0 };
            for (let count = 0; count < arrivals; count++) log.arrive();
            if (!erases || left-- <= 0 || next === 1) return;
            log.erase(log.window[which % Math.max(1, log.window.length)]);
          };
          const { state, ids } = drive(log, { pageSize, order, happen });
          expect(state.kind).toBe('complete');
          for (const { id } of log.window) expect(ids).toContain(id);
          for (const id of ids) expect(before).toContain(id);
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it('does not take a row erased late for one that an arrival pushed off its page', () => {
    const log = new SimulatedLog(Array.from({ length: 20 }, (_, age) => age));
    const rows = [...log.window];
    // Pages 1 and 4 are looked at first; then the oldest row goes while one arrives; page 3; another arrives; page 2.
    const happen = (log: SimulatedLog, request: number) => {
      if (request === 6) {
        log.erase(rows[19]);
        log.arrive();
      }
      if (request === 8) log.arrive();
    };
    const { ids } = drive(log, { pageSize, order: [0, 0, 0, 2, 2, 2, 1, 1, 1, 0, 0, 0], happen });
    for (const { id } of log.window) expect(ids).toContain(id);
  });

  it('reports how many rows were erased after they had been read', () => {
    const log = new SimulatedLog(Array.from({ length: 15 }, (_, age) => age));
    const [newest] = log.window;
    const { state, ids } = drive(log, {
      pageSize,
      happen: (log, request) => (request === 4 ? log.erase(newest) : undefined),
    });
    expect(state).toEqual({ kind: 'complete', counted: 14, erased: 1 });
    expect(ids.size).toBe(15);
  });

  it('gives up as unstable after the third walk when rows never stop vanishing unread', () => {
    const log = new SimulatedLog(Array.from({ length: 300 }, (_, age) => age));
    const { state, requests } = drive(log, { pageSize, happen: log => log.erase(log.window.at(-1)) });
    expect(state).toMatchObject({ kind: 'unstable' });
    expect(lastPass(requests)).toBe(3);
  });
});

describe('coverage while rows are inserted late', () => {
  it('completes, walking where it has to, and holds every row that was there all the time', () => {
    const events = fc.array(
      fc.record({ arrivals: fc.nat({ max: 2 }), inserts: fc.boolean(), age: fc.nat({ max: 40 }) }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 40 }), { maxLength: 40 }), events, order, (ages, events, order) => {
        const log = new SimulatedLog(ages);
        const before = idsOf(log.window);
        let next = 0;
        const happen = () => {
          const { arrivals, inserts, age } = events[next++] ?? { arrivals: 0, inserts: false, age: 0 };
          for (let count = 0; count < arrivals; count++) log.arrive();
          if (inserts) log.insert(age);
        };
        const { state, ids } = drive(log, { pageSize, order, happen });
        expect(state.kind).toBe('complete');
        for (const id of before) expect(ids).toContain(id);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('coverage of a platform that comes and goes', () => {
  it('always ends, within the questions of a first pass, its repeats and three walks', () => {
    const events = fc.array(fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 60 })), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(ages, events, order, (ages, events, order) => {
        const log = new SimulatedLog(ages);
        const happen = (log: SimulatedLog, request: number) => {
          const [kind, which] = events[request % events.length] ?? [0, 0];
          if (kind === 1) log.arrive();
          if (kind === 2) log.insert(which);
          if (kind === 3) log.erase(log.window[which % Math.max(1, log.window.length)]);
        };
        const { requests } = drive(log, { pageSize, order, happen });
        expect(lastPass(requests)).toBeLessThanOrEqual(3);
      }),
      { numRuns: 500 },
    );
  });

  /** Another order of one timestamp's rows with each request. */
  const shuffled =
    (seed: number): Ties =>
    (rows, request) => {
      const key = (row: Row) => (Number(row.id.slice(4)) * 7_919 + request * seed * 104_729) % 1_009;
      return [...rows].sort((a, b) => b.at - a.at || key(a) - key(b));
    };

  it('walks it where it shuffles ties, and never takes fewer rows than there are for all of them', () => {
    let walked = 0;
    fc.assert(
      fc.property(ages, fc.integer({ min: 1, max: 500 }), order, (ages, seed, order) => {
        const log = new SimulatedLog(ages, 0, shuffled(seed));
        const { state, requests, ids } = drive(log, { pageSize, order });
        walked += lastPass(requests) > 0 ? 1 : 0;
        if (state.kind === 'complete') expect(ids).toEqual(idsOf(log.window));
        else expect(lastPass(requests)).toBe(3);
      }),
    );
    expect(walked).toBeGreaterThan(0);
  });

  it('calls it unstable where more than a page of one timestamp never comes whole', () => {
    const turning: Ties = (rows, request) => (request % 2 === 0 ? rows : [...rows].reverse());
    const log = new SimulatedLog(
      Array.from({ length: 10 }, () => 3),
      0,
      turning,
    );
    const { state, requests } = drive(log, { pageSize });
    expect(state).toEqual({ kind: 'unstable', counted: 10, found: 5 });
    expect(requests.map(request => request.pass)).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
  });
});

describe('coverage of given answers', () => {
  const answer = (page: number, total: number, ids: readonly string[], more: Partial<Answer> = {}): Answer => ({
    pass: 0,
    page,
    attempt: 1,
    sentAt: page,
    total,
    rows: ids.length,
    newer: 0,
    ids,
    ...more,
  });

  it('requests for all pages that the largest count speaks of', () => {
    const state = coverage([answer(2, 14, ['f', 'g', 'h', 'i', 'j'])], pageSize);
    expect(state).toEqual({ kind: 'incomplete', requests: [1, 3].map(page => ({ pass: 0, page, attempt: 1 })) });
  });

  it('requests for a gap where it now is', () => {
    const before = answer(2, 10, ['f', 'g', 'h', 'i', 'j']);
    const after = answer(1, 12, ['a', 'b', 'c'], { rows: 5, newer: 2, sentAt: 9 });
    const third = answer(3, 12, ['i', 'j'], { sentAt: 8 });
    expect(coverage([before, after, third], pageSize)).toEqual({
      kind: 'incomplete',
      requests: [{ pass: 0, page: 2, attempt: 2 }],
    });
  });

  it('looks for the edge of an empty window on the last page, not behind it', () => {
    const first = answer(1, 4, [], { rows: 4, newer: 4, sentAt: 1 });
    const third = answer(3, 10, [], { sentAt: 2 });
    const second = answer(2, 15, [], { rows: 5, newer: 5, sentAt: 3 });
    expect(coverage([first, second, third], pageSize)).toEqual({
      kind: 'incomplete',
      requests: [{ pass: 0, page: 3, attempt: 2 }],
    });
  });

  it('sees the edge though the newer rows before it end in one that cannot be read', () => {
    const first = answer(1, 10, [], { rows: 5, newer: 5, sentAt: 1 });
    const second = answer(2, 10, ['b', 'c', 'd', 'e'], { rows: 5, newer: 1, sentAt: 2 });
    expect(coverage([first, second], pageSize)).toEqual({ kind: 'complete', counted: 4, erased: 0 });
  });

  it('counts an id once that stands in several answers', () => {
    const state = coverage([answer(1, 7, ['a', 'b', 'c', 'd', 'e']), answer(2, 7, ['e', 'f'])], pageSize);
    expect(state).toEqual({ kind: 'incomplete', requests: [{ pass: 1, page: 1, attempt: 1 }] });
  });

  it('looks at the answers of the last pass only', () => {
    const spoiled = answer(1, 3, ['a', 'a', 'b']);
    expect(coverage([spoiled, answer(1, 3, ['a', 'b', 'c'], { pass: 1, sentAt: 2 })], pageSize)).toMatchObject({
      kind: 'complete',
      counted: 3,
    });
  });
});

describe('missingPages', () => {
  it('names the pages up to the count that were not requested for, at least the first', () => {
    expect(missingPages([], 0, pageSize)).toEqual([1]);
    expect(missingPages([{ pass: 0, page: 2, attempt: 1 }], 15, pageSize)).toEqual([1, 3]);
    expect(missingPages([{ pass: 0, page: 1, attempt: 1 }], 5, pageSize)).toEqual([]);
    expect(missingPages([{ pass: 0, page: 1, attempt: 1 }], 6, pageSize)).toEqual([2]);
  });
});

it('a walk whose end runs away from it is given up, and so is the window', () => {
  const size = 5;
  let requests: readonly PageRequest[] = [{ pass: 1, page: 1, attempt: 1 }];
  const answers: Answer[] = [];
  let total = 12;
  for (let requested = 0; requested < 10_000; requested++) {
    const [request] = requests;
    if (request === undefined) break;
    answers.push({
      ...request,
      sentAt: requested,
      total,
      rows: size,
      newer: request.page === 1 ? size : 0,
      ids: ['the same'],
    });
    total += size;
    const state = coverage(answers, size);
    if (state.kind === 'unstable') return;
    requests = state.kind === 'incomplete' ? state.requests : [];
  }
  expect.fail('the walk went on');
});
