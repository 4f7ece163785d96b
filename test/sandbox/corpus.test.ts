import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { interaction } from '../../src/domain/interaction/interaction.ts';
import { builtInCorpus } from '../../src/sandbox/corpus/built-in.ts';
import { bots } from '../../src/sandbox/corpus/compose.ts';
import { expand } from '../../src/sandbox/corpus/grammar.ts';
import { loadCorpus } from '../../src/sandbox/corpus/load.ts';
import { Random } from '../../src/sandbox/kernel/random.ts';
import { conversation, idsOf, readPage, start, tenant, tokenOf } from './tenant.ts';

describe('a corpus of files', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'corpus-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function file(name: string, content: string | Uint8Array): Promise<string> {
    await writeFile(join(folder, name), content);
    return join(folder, name);
  }
  const line = (id: string, changes: object = {}): string =>
    `${JSON.stringify({ ...conversation(id, 1), ...changes })}\n`;

  it('is read plain and compressed, and served unaltered', async () => {
    const odd = line('b', { extra: { kept: true }, messages: [{ from: 'user', text: null, timestamp: start }] });
    const separated = line('d', { messages: [{ from: 'user', text: 'one\u2028line é', timestamp: start }] });
    const corpus = await loadCorpus([
      await file('one.jsonl', `\uFEFF${line('a')}\n${odd}`),
      await file('two.jsonl.gz', gzipSync(line('c') + separated.trimEnd())),
    ]);
    expect(corpus.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd']);
    expect(JSON.parse(corpus[1]?.json ?? '')).toEqual(JSON.parse(odd));
    const sandbox = await tenant({ corpus });
    const page = await readPage(sandbox, await tokenOf(sandbox));
    expect((await idsOf(page)).sort()).toEqual(['a', 'b', 'c', 'd']);
    expect(page.interactions.find(({ id }) => id === 'd')).toEqual(JSON.parse(separated));
  });

  it.each([
    ['no JSON', 'secret words\n', /not JSON/],
    ['another value', '[1]\n', /the record/],
    ['no id', `${JSON.stringify({ ...conversation('x', 1), id: undefined })}\n`, /\bid: /],
    ['an empty id', line('x', { id: '' }), /\bid: /],
    ['a timestamp without milliseconds', line('x', { timestamp: '2024-05-15T13:17:21Z' }), /\btimestamp: /],
    ['a rating in words', line('x', { rating: 'good' }), /\brating: /],
    [
      'a wrong field of a message',
      line('x', { messages: [{ from: 1, text: 'secret words', timestamp: start }] }),
      /messages\.0\.from: /,
    ],
  ])('with %s is refused at FILE:LINE', async (_case, content, message) => {
    const path = await file('bad.jsonl', line('first') + content);
    const refusal = await loadCorpus([path]).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'BAD_INPUT', where: `${path}:2`, message: expect.stringMatching(message) });
    expect(String(refusal)).not.toContain('secret words');
  });

  it('with an id twice is refused with both places', async () => {
    const one = await file('three.jsonl', line('a') + line('b'));
    const other = await file('four.jsonl', line('c') + line('b'));
    await expect(loadCorpus([one, other])).rejects.toMatchObject({
      code: 'BAD_INPUT',
      where: `${other}:2`,
      message: expect.stringContaining(`${one}:2`),
    });
  });

  it('that cannot be read is refused with the file', async () => {
    const cut = await file('cut.jsonl.gz', gzipSync(line('a').repeat(50)).subarray(0, 60));
    const plain = await file('plain.jsonl.gz', line('a'));
    const latin = await file('latin.jsonl', Buffer.from(line('é'), 'latin1'));
    for (const path of [join(folder, 'absent.jsonl'), folder, plain, cut])
      await expect(loadCorpus([path])).rejects.toMatchObject({ code: 'BAD_INPUT', where: path });
    await expect(loadCorpus([latin])).rejects.toMatchObject({ code: 'BAD_INPUT', where: `${latin}:1` });
  });
});

describe('the built-in corpus', () => {
  const now = Date.parse(start);
  const corpus = builtInCorpus(now);
  const parsed = corpus.map(({ json }) => interaction.parse(JSON.parse(json)));

  it('is the same for the same start, and moves with it', () => {
    expect(builtInCorpus(now)).toEqual(corpus);
    const later = builtInCorpus(now + 86_400_000);
    expect(later.map(({ id }) => id)).toEqual(corpus.map(({ id }) => id));
    const ofBurst = (of: typeof corpus): number => of[0]?.at ?? 0;
    expect(ofBurst(later) - ofBurst(corpus)).toBe(86_400_000);
  });

  it.each(['2024-05-15T13:17:21.123Z', '2024-01-01T00:00:00.000Z', '2025-07-06T23:59:59.999Z'])(
    'lies within the 60 days before %s, the newest minutes old',
    iso => {
      const times = builtInCorpus(Date.parse(iso)).map(({ at }) => Date.parse(iso) - at);
      expect(Math.min(...times)).toBeGreaterThan(0);
      expect(Math.min(...times)).toBeLessThan(5 * 60_000);
      expect(Math.max(...times)).toBeLessThanOrEqual(60 * 86_400_000);
      expect(Math.max(...times)).toBeGreaterThan(57 * 86_400_000);
    },
  );

  it('has many conversations, of every bot and rating, and one instant with more than a page', () => {
    expect(parsed.length).toBeGreaterThanOrEqual(2_000);
    for (const { botId } of bots) expect(parsed.filter(each => each.botId === botId).length).toBeGreaterThan(300);
    for (const rating of [null, 1, 2, 3, 4, 5])
      expect(parsed.filter(each => each.rating === rating).length).toBeGreaterThan(50);
    const atOnce = new Map<string, number>();
    for (const { timestamp } of parsed) atOnce.set(timestamp, (atOnce.get(timestamp) ?? 0) + 1);
    const shared = [...atOnce.values()].filter(count => count > 1).sort((a, b) => b - a);
    expect(shared[0]).toBeGreaterThan(200);
    expect(shared.length).toBeGreaterThan(20);
  });

  it('has what real logs have', () => {
    const messages = corpus.flatMap(({ json }): { from: string; text: string | null }[] => JSON.parse(json).messages);
    const texts = messages.map(({ text }) => text);
    expect(new Set(messages.map(({ from }) => from))).toEqual(new Set(['user', 'bot', 'system', 'agent']));
    for (const text of [null, '', '=SUM(A1:A2)', 'first line\nsecond line\n\nfourth line'])
      expect(texts).toContain(text);
    for (const part of ['🙏', '"', ',', '¿', 'ü', '\u2028', 'こ'])
      expect(texts.some(text => text?.includes(part))).toBe(true);
    expect(parsed.some(each => each.messages.length === 0)).toBe(true);
    expect(parsed.some(each => each.messages.length > 8)).toBe(true);
    const asked = messages.filter(({ from }) => from === 'user').map(({ text }) => text);
    expect(new Set(asked).size / asked.length).toBeGreaterThan(0.4);
    expect(new Set(asked).size / asked.length).toBeLessThan(0.9);
  });

  it('has templates that are well formed, every one', () => {
    const random = new Random('templates');
    for (const bot of bots) {
      const templates = bot.flows.flatMap(flow => flow.steps.flatMap(step => [...step.user, ...step.bot]));
      for (const template of [...templates, ...bot.asides])
        for (let round = 0; round < 20; round++) {
          const text = expand(template, bot.slots, new Map(), random);
          expect(text, template).toMatch(/\S/);
          expect(text, template).not.toMatch(/[{}[\]#|]/);
        }
    }
  });

  it('keeps a value through a conversation', () => {
    const bindings = new Map<string, string>();
    const slots = { order: ['A##', 'B##'] };
    const first = expand('{order}', slots, bindings, new Random(1));
    expect(expand('again {order}', slots, bindings, new Random(2))).toBe(`again ${first}`);
    expect(() => expand('{nothing}', slots, bindings, new Random(1))).toThrow(RangeError);
    expect(() => expand('(open', slots, bindings, new Random(1))).toThrow(RangeError);
  });
});
