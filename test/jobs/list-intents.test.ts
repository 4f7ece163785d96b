import { describe, expect, it } from 'vitest';
import { listTenantIntents } from '../../jobs/compute-roc/list-intents.ts';
import { MlopsError, NotNow } from '../../src/errors.ts';
import type { Cxone } from '../../src/platform/client.ts';
import { openFileStore } from '../../src/store/artifacts/file-store.ts';
import { openCancellations } from '../../src/store/requests/cancellations.ts';
import { openTunings, type Tunings } from '../../src/store/tunings/tunings.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { codedBy, codeOf, thrownBy } from '../thrown.ts';

interface Answer {
  readonly entities: readonly { readonly id: string; readonly name: string }[];
  readonly page: number;
  readonly pageCount: number;
}

/** `count` intents from number `first` on. */
function intents(first: number, count: number): Answer['entities'] {
  return Array.from({ length: count }, (_, index) => ({ id: `i${first + index}`, name: `Intent ${first + index}` }));
}

/** The page of a list that does not change. */
function pageOf(all: Answer['entities'], page: number): Answer {
  return { entities: all.slice((page - 1) * 100, page * 100), page, pageCount: Math.ceil(all.length / 100) };
}

interface Platform {
  readonly tunings: Tunings;
  /** Which pages were asked for, in order. */
  readonly asked: number[];
  list(tuning?: string, expected?: readonly string[]): ReturnType<typeof listTenantIntents>;
}

/** @param answer what the n-th request, from 0, for `page` is answered; throws for no answer */
function platform(
  answer: (page: number, nth: number) => Answer,
  tunings = openTunings(openFileStore(temporaryFolder())),
): Platform {
  const asked: number[] = [];
  const cxone: Cxone = {
    async ask(endpoint, { query }) {
      expect(query?.pageSize).toBe('100');
      const page = Number(query?.page);
      const nth = asked.push(page) - 1;
      return { answer: endpoint.answer.parse(answer(page, nth)), sentAt: 0, answeredAt: 0 };
    },
    close: () => undefined,
  };
  const cancellations = openCancellations(openFileStore(temporaryFolder()));
  const context = { resources: { cxone, tunings, cancellations }, signal: new AbortController().signal };
  return {
    tunings,
    asked,
    list: (tuning = 't', expected = []) => listTenantIntents(tuning, expected, context, { isTrial: false }),
  };
}

describe('the tenant’s intents', () => {
  it.each([
    { count: 0, pages: [1] },
    { count: 1, pages: [1] },
    { count: 100, pages: [1] },
    { count: 101, pages: [1, 2] },
    { count: 226, pages: [1, 2, 3] },
  ])('are listed page after page: $count of them', async ({ count, pages }) => {
    const all = intents(1, count);
    const { list, asked } = platform(page => pageOf(all, page));
    expect(await list()).toEqual(all);
    expect(asked).toEqual(pages);
  });

  it('end with an empty page, whatever the count of pages says', async () => {
    const { list, asked } = platform(page => ({ ...pageOf(intents(1, 150), page), pageCount: 9 }));
    expect(await list()).toHaveLength(150);
    expect(asked).toEqual([1, 2, 3]);
  });

  it('are walked through again when one came meanwhile and moved others', async () => {
    const before = intents(1, 150);
    const after = [{ id: 'new', name: 'New' }, ...before];
    const { list, asked } = platform((page, nth) => pageOf(nth === 0 ? before : after, page));
    expect(await list()).toEqual(after);
    expect(asked).toEqual([1, 2, 1, 2]);
  });

  it('are walked through again when there was a page more or less', async () => {
    const before = intents(1, 201);
    const after = intents(2, 200);
    const { list, asked } = platform((page, nth) => pageOf(nth === 0 ? before : after, page));
    expect(await list()).toEqual(after);
    expect(asked).toEqual([1, 2, 1, 2]);
  });

  it('are walked through again when one that was there before is missing: another may have moved to a page already read', async () => {
    const before = intents(1, 150);
    const archived = before.filter(({ id }) => id !== 'i3');
    const { list, asked } = platform((page, nth) => pageOf(nth === 0 ? before : archived, page));
    const ids = (await list('t', ['i101', 'i150'])).map(({ id }) => id);
    expect(ids).toEqual(archived.map(({ id }) => id));
    expect(asked).toEqual([1, 2, 1, 2]);
  });

  it('without one that was there before are believed when a second walk says the same', async () => {
    const { list, asked } = platform(page => pageOf(intents(1, 150), page));
    expect(await list('t', ['gone'])).toHaveLength(150);
    expect(asked).toEqual([1, 2, 1, 2]);
  });

  it('that never hold still are given up after three walks, to be tried again', async () => {
    let moving = true;
    const { list, asked } = platform((page, nth) => pageOf(intents(moving ? 1 - (nth % 2) : 1, 150), page));
    const error = await codedBy(() => list());
    expect(error).toMatchObject({ code: 'INTENTS_UNSTABLE', verdict: 'retry' });
    expect(asked).toEqual([1, 2, 1, 2, 1, 2]);
    expect(await codeOf(() => list())).toBe('INTENTS_UNSTABLE');
    expect(asked).toHaveLength(12);
    moving = false;
    expect(await list()).toEqual(intents(1, 150));
    expect(asked).toHaveLength(14);
  });

  it('are not asked for again where they were answered, also of an earlier walk', async () => {
    const moving = (page: number, nth: number): Answer => pageOf(intents(nth < 2 ? 1 - nth : 1, 250), page);
    let refused = true;
    const first = platform((page, nth) => {
      if (nth < 4) return moving(page, nth);
      throw new NotNow(1_000, 'queue');
    });
    expect(await thrownBy(() => first.list())).toBeInstanceOf(NotNow);
    expect(first.asked).toEqual([1, 2, 3, 1, 2]);

    const second = platform(page => {
      if (refused) throw new MlopsError('PLATFORM_UNAVAILABLE', '503');
      return pageOf(intents(1, 250), page);
    }, first.tunings);
    expect(await codeOf(() => second.list())).toBe('PLATFORM_UNAVAILABLE');
    refused = false;
    expect(await second.list()).toEqual(intents(1, 250));
    expect(second.asked).toEqual([2, 2, 3]);
    expect(await second.list()).toEqual(intents(1, 250));
    expect(second.asked).toEqual([2, 2, 3]);
  });

  it('of another tuning are asked for anew', async () => {
    const { list, asked } = platform(page => pageOf(intents(1, 3), page));
    await list('one');
    await list('two');
    expect(asked).toEqual([1, 1]);
  });

  it('have an end', async () => {
    const { list, asked } = platform(page => ({ entities: intents(page, 1), page, pageCount: page + 1 }), {
      ...openTunings(openFileStore(temporaryFolder())),
      intentPage: async () => null,
      writeIntentPage: async () => undefined,
    });
    const error = await codedBy(() => list());
    expect(error).toMatchObject({ code: 'PLATFORM_WRONG_SHAPE', verdict: 'final' });
    expect(asked).toHaveLength(10_000);
  });
});
