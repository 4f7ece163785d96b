import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sandboxCommand } from '../../producers/cli/sandbox.ts';
import { intentPage, intentQuery } from '../../src/platform/endpoints.ts';
import type { WrittenIntent } from '../../src/sandbox/nlp/intents.ts';
import { loadIntents } from '../../src/sandbox/nlp/load.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { askIntents, nlpToken, tenant } from './tenant.ts';

/** `i1`, `i2` … */
function numbered(count: number): WrittenIntent[] {
  return Array.from({ length: count }, (_, index) => ({ id: `i${index + 1}`, name: `Intent ${index + 1}` }));
}

async function readPage(sandbox: Sandbox, page: number) {
  const query = new URLSearchParams(intentQuery(page));
  return intentPage.parse(await (await askIntents(sandbox, await nlpToken(sandbox), query.toString())).json());
}

async function idsOf(sandbox: Sandbox, page = 1): Promise<string[]> {
  return (await readPage(sandbox, page)).entities.map(({ id }) => id);
}

const bad = (message: string) =>
  expect.objectContaining({ code: 'BAD_INPUT', message: expect.stringContaining(message) });

describe('the list of intents', () => {
  it.each([
    { count: 0, sizes: [0, 0], pageCount: 0 },
    { count: 1, sizes: [1, 0], pageCount: 1 },
    { count: 100, sizes: [100, 0], pageCount: 1 },
    { count: 101, sizes: [100, 1, 0], pageCount: 2 },
    { count: 250, sizes: [100, 100, 50, 0], pageCount: 3 },
  ])('has $pageCount pages for $count intents, and nothing beyond', async ({ count, sizes, pageCount }) => {
    const sandbox = await tenant({ intents: numbered(count) });
    const pages = await Promise.all(sizes.map((_, index) => readPage(sandbox, index + 1)));
    expect(pages.map(({ entities }) => entities.length)).toEqual(sizes);
    expect(pages.map(({ page }) => page)).toEqual(sizes.map((_, index) => index + 1));
    expect(new Set(pages.map(page => page.pageCount))).toEqual(new Set([pageCount]));
    expect(pages.flatMap(({ entities }) => entities)).toEqual(numbered(count));
  });

  it('lacks archived intents, from the moment they are', async () => {
    const sandbox = await tenant({ intents: [...numbered(3), { id: 'old', name: 'Old', archived: true }] });
    expect(await idsOf(sandbox)).toEqual(['i1', 'i2', 'i3']);
    sandbox.archiveIntent('i2');
    sandbox.addIntent({ id: 'new', name: 'New' });
    expect(await idsOf(sandbox)).toEqual(['i1', 'i3', 'new']);
    expect(sandbox.intents().filter(({ archived }) => archived)).toEqual([
      { id: 'i2', name: 'Intent 2', archived: true },
      { id: 'old', name: 'Old', archived: true },
    ]);
  });

  it('refuses intents that are none, twice or not there', async () => {
    const sandbox = await tenant({ intents: numbered(1) });
    expect(() => sandbox.addIntent({ id: 'i1', name: 'Again' })).toThrow(bad('i1 already'));
    expect(() => sandbox.addIntent({ id: '', name: 'Empty' })).toThrow(bad('id:'));
    expect(() => sandbox.archiveIntent('i2')).toThrow(bad('no intent i2'));
    await expect(tenant({ intents: [...numbered(1), ...numbered(1)] })).rejects.toEqual(bad('i1 already'));
  });

  it.each([
    ['page=0', 'page', 'must be a whole number from 1'],
    ['page=1.5', 'page', 'must be a whole number from 1'],
    ['page=', 'page', 'must be a whole number from 1'],
    ['page=1&page=2', 'page', 'is given more than once'],
    ['pageSize=101', 'pageSize', 'must be a whole number from 1 to 100'],
    ['page_size=100', 'page_size', 'is not a parameter of this endpoint'],
    ['toString=1', 'toString', 'is not a parameter of this endpoint'],
  ])('refuses the query %s', async (query, field, message) => {
    const sandbox = await tenant();
    const answer = await askIntents(sandbox, await nlpToken(sandbox), query);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({ message: 'The query is not valid.', errors: [{ field, message }] });
  });

  it('starts at its first page, of 25, when nothing is asked for', async () => {
    const sandbox = await tenant({ intents: numbered(30) });
    const answer = await askIntents(sandbox, await nlpToken(sandbox), '');
    expect(intentPage.parse(await answer.json())).toMatchObject({ page: 1, pageCount: 2 });
  });
});

describe('the built-in intents', () => {
  it('are 226 on three pages, those of the bank on each, and the same with every start', async () => {
    const sandbox = await tenant();
    const pages = await Promise.all([1, 2, 3].map(page => readPage(sandbox, page)));
    expect(pages.map(({ entities }) => entities.length)).toEqual([100, 100, 26]);
    const listed = pages.flatMap(({ entities }) => entities);
    const banking = listed.filter(({ id }) => !id.startsWith('clinc-'));
    expect(banking).toHaveLength(77);
    for (const { entities } of pages)
      expect(entities.filter(({ id }) => !id.startsWith('clinc-')).length).toBeGreaterThan(2);
    expect(new Set(listed.map(({ id }) => id)).size).toBe(226);
    expect(new Set(listed.map(({ name }) => name)).size).toBe(226);
    expect((await tenant()).intents()).toEqual(sandbox.intents());
  });

  it('have the ids that follow from their names', async () => {
    const known = (await tenant()).intents();
    expect(known).toContainEqual({ id: 'reverted-card-payment', name: 'reverted_card_payment?', archived: false });
    expect(known).toContainEqual({ id: 'refund-not-showing-up', name: 'Refund_not_showing_up', archived: false });
    expect(known).toContainEqual({ id: 'clinc-rollover-401k', name: 'rollover_401k', archived: false });
    expect(known.filter(({ archived }) => archived)).toHaveLength(5);
    for (const { id } of known) expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
  });
});

describe('a file of intents', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'intents-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function written(...lines: string[]): Promise<string> {
    const file = join(folder, 'intents.jsonl');
    await writeFile(file, lines.join('\n'));
    return file;
  }

  it('has one a line, and empty lines', async () => {
    const file = await written('{"id":"a","name":"A"}', '', '{"id":"b","name":"B","archived":true}', '');
    const intents = await loadIntents(file);
    expect(intents).toEqual([
      { id: 'a', name: 'A', archived: false },
      { id: 'b', name: 'B', archived: true },
    ]);
    expect(await idsOf(await tenant({ intents }))).toEqual(['a']);
    expect(await loadIntents(await written(''))).toEqual([]);
  });

  it.each([
    ['no JSON', 'id,name', 'not JSON'],
    ['no object', '["a"]', 'the intent: '],
    ['no name', '{"id":"b"}', 'name: '],
    ['an empty id', '{"id":"","name":"B"}', 'id: '],
    ['another kind of field', '{"id":"b","name":"B","archived":"yes"}', 'archived: '],
    ['an unknown field', '{"id":"b","name":"B","Archived":true}', 'Archived'],
    ['an id that was there', '{"id":"a","name":"B"}', ':1 already'],
  ])('is refused at the line with %s', async (_case, line, message) => {
    const file = await written('{"id":"a","name":"A"}', '', line);
    const refusal = expect.objectContaining({ where: `${file}:3`, message: expect.stringContaining(message) });
    await expect(loadIntents(file)).rejects.toEqual(refusal);
    await expect(loadIntents(file)).rejects.toEqual(bad(`${file}:3: `));
  });

  it('is what the command takes', async () => {
    const file = await written('{"id":"a"}');
    const command = sandboxCommand().parseAsync(['--port', '0', '--intents', file], { from: 'user' });
    await expect(command).rejects.toEqual(bad(`${file}:1: name: `));
  });

  it('is refused when it is not there', async () => {
    await expect(loadIntents(join(folder, 'none.jsonl'))).rejects.toEqual(bad('file not found'));
  });
});
