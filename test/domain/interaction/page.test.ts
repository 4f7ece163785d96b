import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interaction } from '../../../src/domain/interaction/interaction.ts';
import { countNewer, isNewestFirst, type PageRecord, parseRecords } from '../../../src/domain/interaction/page.ts';

const at = '2024-05-15T13:17:21.123Z';
const good = {
  id: 'c1',
  timestamp: at,
  botId: 'bot_a',
  rating: 4.5,
  messages: [{ from: 'user', text: 'hello', timestamp: at }],
};
const without = (field: keyof typeof good) =>
  Object.fromEntries(Object.entries(good).filter(([name]) => name !== field));
const fingerprint = (record: unknown) => `#${JSON.stringify(record)}`;

describe('the shape of an interaction', () => {
  it('takes a text that is null or absent as empty', () => {
    const messages = [
      { from: 'bot', text: null, timestamp: at },
      { from: 'user', timestamp: at },
    ];
    expect(interaction.parse({ ...good, messages }).messages.map(message => message.text)).toEqual(['', '']);
  });

  it('takes a rating of null, and no absent one', () => {
    expect(interaction.parse({ ...good, rating: null }).rating).toBeNull();
    expect(interaction.safeParse(without('rating')).success).toBe(false);
  });

  it('leaves fields out that it does not know', () => {
    expect(interaction.parse({ ...good, channel: 'chat' })).toEqual(good);
  });

  it('takes instants as the platform writes them only, because others do not sort as text', () => {
    const wrong = [
      '',
      'yesterday',
      '2024-05-15',
      '2024-05-15T13:17:21Z',
      '2024-05-15T13:17:21.1Z',
      '2024-05-15T13:17:21.123',
      '2024-05-15T13:17:21.123+00:00',
      '2024-02-30T00:00:00.000Z',
    ];
    for (const timestamp of wrong) expect(interaction.safeParse({ ...good, timestamp }).success, timestamp).toBe(false);
    expect(interaction.safeParse({ ...good, timestamp: Date.parse(at) }).success).toBe(false);
    const instants = fc.date({
      min: new Date('2000-01-01T00:00:00Z'),
      max: new Date('2099-01-01T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(fc.property(instants, date => interaction.safeParse({ ...good, timestamp: date.toISOString() }).success));
  });
});

describe('parseRecords', () => {
  it('parses each record on its own and keeps their order', () => {
    const records = parseRecords([good, 7, { ...good, id: 'c2' }], fingerprint);
    expect(records.map(record => record.kind)).toEqual(['interaction', 'reject', 'interaction']);
  });

  it.each([
    ['rating', { ...good, rating: 'five' }],
    ['timestamp', { ...good, timestamp: 'today' }],
    ['messages', without('messages')],
    ['messages[0].text', { ...good, messages: [{ from: 'user', text: 5, timestamp: at }] }],
    ['messages[1].from', { ...good, messages: [...good.messages, { text: 'secret words', timestamp: at }] }],
  ])('names the field %s of a bad record, and its id', (field, record) => {
    const [parsed] = parseRecords([record], fingerprint);
    expect(parsed).toMatchObject({ kind: 'reject', reject: { id: 'c1', key: 'c1', field } });
    expect(JSON.stringify(parsed)).not.toContain('secret words');
  });

  it.each([{}, { timestamp: 'today' }, { timestamp: null }])(
    'takes a message whatever its own timestamp is, which is not read: %j',
    timestamp => {
      const record = { ...good, messages: [{ from: 'user', text: 'hello', ...timestamp }] };
      expect(parseRecords([record], fingerprint)).toMatchObject([
        { kind: 'interaction', interaction: { messages: [{ from: 'user', text: 'hello' }] } },
      ]);
    },
  );

  it('says what a timestamp must be', () => {
    const [parsed] = parseRecords([{ ...good, timestamp: '2023-10-05T14:22:10Z' }], fingerprint);
    expect(parsed).toMatchObject({
      reject: { field: 'timestamp', problem: expect.stringMatching(/instant with milliseconds/) },
    });
  });

  it.each([without('id'), { ...good, id: '' }, { ...good, id: 12 }, null, 'text', []])(
    'tells a record without a readable id by its fingerprint',
    record => {
      const [parsed] = parseRecords([record], fingerprint);
      expect(parsed).toMatchObject({ kind: 'reject', reject: { id: null, key: `record-${fingerprint(record)}` } });
    },
  );

  it('never throws, whatever a page holds', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), records => {
        expect(parseRecords(records, fingerprint)).toHaveLength(records.length);
      }),
    );
  });
});

describe('countNewer', () => {
  const upper = at;
  const newer = '2024-05-15T13:17:21.124Z';
  const records = (...stamps: (string | null)[]): PageRecord[] =>
    parseRecords(
      stamps.map(timestamp => ({ ...good, timestamp })),
      fingerprint,
    );

  it('counts the records at the head that are newer; the bound itself belongs to the window', () => {
    expect(countNewer(records(newer, newer, upper, upper), upper)).toBe(2);
    expect(countNewer(records(upper), upper)).toBe(0);
    expect(countNewer(records(newer), upper)).toBe(1);
    expect(countNewer([], upper)).toBe(0);
  });

  it('counts an unreadable record with the one after it', () => {
    expect(countNewer(records(newer, null, newer, upper), upper)).toBe(3);
    expect(countNewer(records(newer, null, upper), upper)).toBe(1);
    expect(countNewer(records(null, upper), upper)).toBe(0);
    expect(countNewer(records(null, null), upper)).toBe(0);
  });

  it('counts unreadable records at a page’s end with the newer ones before them', () => {
    expect(countNewer(records(newer, null), upper)).toBe(2);
    expect(countNewer(records(newer, upper, null), upper)).toBe(1);
    expect(countNewer(records(upper, null), upper)).toBe(0);
  });
});

describe('isNewestFirst', () => {
  const page = (...timestamps: string[]) =>
    parseRecords(
      timestamps.map(timestamp => ({ ...good, timestamp })),
      fingerprint,
    );
  const [early, late] = ['2024-05-15T13:00:00.000Z', '2024-05-15T14:00:00.000Z'];

  it('takes rows of one timestamp in any order, and an empty page', () => {
    expect(isNewestFirst(page(late, early, early))).toBe(true);
    expect(isNewestFirst(page())).toBe(true);
  });

  it('sees a page that stands the other way round', () => {
    expect(isNewestFirst(page(early, late))).toBe(false);
  });

  it('looks past records that cannot be read', () => {
    expect(
      isNewestFirst(
        parseRecords([{ ...good, timestamp: early }, 'no record', { ...good, timestamp: late }], fingerprint),
      ),
    ).toBe(false);
  });
});
