import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../../src/domain/audit/entry.ts';
import type { AuditFinding, Segment } from '../../../src/domain/audit/segment.ts';
import { sha256Of } from '../../../src/store/artifacts/sealed.ts';
import { openAudit } from '../../../src/store/audit/audit.ts';
import { decodeSegment, encodeSegment } from '../../../src/store/audit/segment-file.ts';
import { type MemoryStore, memoryStore } from './memory-store.ts';

const key = (number: number) => `audit/log/${String(number).padStart(12, '0')}.jsonl`;

/** A log of `sizes.length` segments, of so many entries each. */
async function logOf(sizes: readonly number[]): Promise<MemoryStore> {
  const store = memoryStore();
  const audit = openAudit(store);
  for (const [index, size] of sizes.entries())
    await audit.append(
      Array.from({ length: size }, (_, entry) => ({
        ...({ id: `${index}.${entry}`, kind: 'inference', what: 'entities.extract', by: 'bot' } as const),
        details: { count: entry, source: 'api' },
      })),
    );
  return store;
}

function bytesOf({ files }: MemoryStore, number: number): Buffer {
  const bytes = files.get(key(number));
  if (bytes === undefined) throw new Error(`there is not a segment ${number}`);
  return bytes;
}

const placesOf = (findings: readonly AuditFinding[]) => findings.map(each => each.segment);

const sizes = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 6 });
const part = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
/** The number of a segment of a log with `length` ones. */
const pick = (share: number, length: number) => 1 + Math.floor(share * length);

describe('a verification', () => {
  it('names the segment in which one bit is another, the newest too', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, part, part, fc.integer({ min: 0, max: 7 }), async (sizes, which, where, bit) => {
        const store = await logOf(sizes);
        const number = pick(which, sizes.length);
        const bytes = bytesOf(store, number);
        const at = Math.floor(where * bytes.length);
        bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << bit), at);
        expect(placesOf((await openAudit(store).verify()).findings)).toEqual([number]);
      }),
      { numRuns: 300 },
    );
  });

  it('names the segment that is cut off at any byte, or holds more', async () => {
    const store = await logOf([1, 2]);
    const whole = bytesOf(store, 2);
    for (let length = 0; length < whole.length; length++) {
      store.files.set(key(2), whole.subarray(0, length));
      expect(placesOf((await openAudit(store).verify()).findings)).toEqual([2]);
    }
    store.files.set(key(2), Buffer.concat([whole, Buffer.from('\n')]));
    expect(placesOf((await openAudit(store).verify()).findings)).toEqual([2]);
  });

  it('names missing segments, but for those at the end', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, part, part, async (sizes, from, to) => {
        const store = await logOf([...sizes, 1]);
        const first = pick(from, sizes.length);
        const last = pick(Math.max(from, to), sizes.length);
        for (let number = first; number <= last; number++) store.files.delete(key(number));
        expect(placesOf((await openAudit(store).verify()).findings)).toEqual([first]);
      }),
      { numRuns: 50 },
    );
  });

  it('names segments that changed places', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, part, part, async (sizes, one, other) => {
        const store = await logOf([1, ...sizes]);
        const [first, second] = [pick(one, sizes.length + 1), pick(other, sizes.length + 1)];
        fc.pre(first !== second);
        const [a, b] = [bytesOf(store, first), bytesOf(store, second)];
        store.files.set(key(first), b).set(key(second), a);
        expect(placesOf((await openAudit(store).verify()).findings)).toEqual(expect.arrayContaining([first, second]));
      }),
      { numRuns: 50 },
    );
  });

  /** As somebody would who knows the format: the segment's own sum is right again. */
  function forge(store: MemoryStore, number: number, change: (segment: Segment) => Segment): void {
    const { segment } = decodeSegment(number, bytesOf(store, number));
    if (segment === null) throw new Error('not a segment');
    store.files.set(key(number), encodeSegment(change(segment)));
  }

  const forgeries: ((entries: AuditEntry[]) => AuditEntry[])[] = [
    entries => entries.map(entry => ({ ...entry, details: { count: 99 } })),
    entries => entries.map(entry => ({ ...entry, by: 'somebody else' })),
    entries => entries.slice(1),
    entries => [...entries].reverse(),
    entries => [...entries, ...entries],
  ];

  it('names a segment whose entries were forged with its sum, and the newest to whoever noted the head', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, part, fc.constantFrom(...forgeries), async (sizes, which, forgery) => {
        const store = await logOf(sizes.map(size => size + 1));
        const { head } = await openAudit(store).verify();
        const number = pick(which, sizes.length);
        forge(store, number, segment => ({ ...segment, entries: forgery(segment.entries) }));
        const isNewest = number === sizes.length;
        expect(placesOf((await openAudit(store).verify()).findings)).toEqual(isNewest ? [] : [number]);
        expect(placesOf((await openAudit(store).verify(head ?? undefined)).findings)).toEqual([number]);
      }),
      { numRuns: 50 },
    );
  });

  it('shows to whoever noted the head that all from one on was written anew, or cut off', async () => {
    const store = await logOf([1, 1, 1, 1]);
    const { head } = await openAudit(store).verify();
    expect(head).toEqual({ number: 4, sha256: sha256Of(bytesOf(store, 4)) });
    store.files.delete(key(4));
    store.files.delete(key(3));
    expect((await openAudit(store).verify()).findings).toEqual([]);
    expect(placesOf((await openAudit(store).verify(head ?? undefined)).findings)).toEqual([4]);
    const anew = openAudit(store);
    for (const id of ['x', 'y', 'z'])
      await anew.append([{ id, kind: 'action', what: 'dataset.restore', by: 'operator', details: {} }]);
    expect((await anew.verify()).findings).toEqual([]);
    expect(placesOf((await anew.verify(head ?? undefined)).findings)).toEqual([4]);
  });

  it('shows what is not a segment', async () => {
    const store = await logOf([1]);
    store.files.set('audit/log/note.txt', Buffer.from('hello'));
    expect((await openAudit(store).verify()).findings).toEqual([
      { segment: null, what: 'audit/log/note.txt is not a segment' },
    ]);
  });

  it('goes on behind a damaged segment, and a writer too', async () => {
    const store = await logOf([1, 1]);
    store.files.set(key(2), Buffer.from('torn'));
    await openAudit(store).append([{ id: 'a', kind: 'action', what: 'doctor', by: 'operator', details: {} }]);
    const audit = openAudit(store);
    expect(await audit.verify()).toMatchObject({ segments: 3, entries: 2, findings: [{ segment: 2 }] });
    expect(await audit.tail(5)).toMatchObject({ entries: [{ id: '0.0' }, { id: 'a' }], damaged: [2] });
  });
});
