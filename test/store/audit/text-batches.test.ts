import { describe, expect, it } from 'vitest';
import type { EntryDraft } from '../../../src/domain/audit/entry.ts';
import { openFileStore } from '../../../src/store/artifacts/file-store.ts';
import { openAudit } from '../../../src/store/audit/audit.ts';
import { openTextBatches } from '../../../src/store/audit/text-batches.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { memoryStore } from './memory-store.ts';

const inference = (id: string, text: string): EntryDraft => ({
  id,
  kind: 'inference',
  what: 'entities.extract',
  by: 'bot',
  details: { entities: 2 },
  text,
});

/** JSON of these has line breaks, quotes, half of a surrogate pair, and nothing at all. */
const texts = ['one', 'two\nlines', '"quoted"', 'half \ud83d', '', 'six 🙂'];

describe('texts of many entries in one file', () => {
  it('are read and checked one by one', async () => {
    const batches = openTextBatches(openFileStore(temporaryFolder()));
    const stored = await batches.write(texts);
    expect(new Set(stored.map(({ file }) => file)).size).toBe(1);
    expect(await Promise.all(stored.map(each => batches.read(each)))).toEqual(texts);
    expect(new Set(await Promise.all(stored.map(each => batches.state(each))))).toEqual(new Set(['whole']));
    const [first] = stored;
    expect(first && (await batches.state({ ...first, hash: 'f'.repeat(64) }))).toBe('altered');
    expect(first && (await batches.state({ ...first, line: 6 }))).toBe('erased');
  });

  it('are erased one by one, and nothing of them is left', async () => {
    const store = memoryStore();
    const batches = openTextBatches(store);
    const stored = await batches.write(texts);
    const [one, two, ...rest] = stored;
    if (one === undefined || two === undefined) throw new Error('nothing was stored');
    expect(await batches.count([one, two])).toBe(2);
    await Promise.all([batches.erase([one]), openTextBatches(store).erase([two])]);
    expect(await batches.count(stored)).toBe(rest.length);
    const states = await Promise.all(stored.map(each => openTextBatches(store).state(each)));
    expect(states).toEqual(['erased', 'erased', ...rest.map(() => 'whole')]);
    expect([...store.files.values()].map(String).join()).not.toMatch(/one|two/);
    await batches.erase(stored);
    expect([...store.files.values()].map(String).join()).not.toContain('six');
    await batches.erase([]);
    expect(await batches.count([])).toBe(0);
  });

  it('are erased although a crash left the edition that still has them', async () => {
    const store = memoryStore();
    const batches = openTextBatches(store);
    const [one, two] = await batches.write(['one', 'two']);
    if (one === undefined || two === undefined) throw new Error('nothing was stored');
    const before = store.files.get(one.file);
    await batches.erase([one]);
    // As if the process had died before it removed the earlier edition.
    store.files.set(one.file, before ?? Buffer.of());
    expect(await openTextBatches(store).state(one)).toBe('erased');
    expect(await batches.count([one])).toBe(1);
    await batches.erase([one]);
    expect(await batches.count([one])).toBe(0);
    expect([...store.files.values()].map(String).join()).not.toContain('one');
    expect(await openTextBatches(store).read(two)).toBe('two');
  });
});

describe('a batch of entries', () => {
  it('is appended by exactly one of many processes, as one segment', async () => {
    const folder = temporaryFolder();
    const audits = Array.from({ length: 6 }, () => openAudit(openFileStore(folder)));
    const drafts = texts.map((text, index) => inference(`q${index}`, text));
    const after = (await audits[0]?.known()) ?? 0;
    const others = audits.map(audit => audit.append([inference('other', 'x')]));
    const appended = await Promise.all(audits.map(audit => audit.appendBatch('batch-1', drafts, after)));
    await Promise.all(others);
    expect(appended.filter(Boolean)).toHaveLength(1);
    expect(await audits[1]?.appendBatch('batch-1', drafts, after)).toBe(false);
    expect(await audits[1]?.appendBatch('batch-2', drafts, after)).toBe(true);
    const audit = openAudit(openFileStore(folder));
    expect(await audit.verify()).toMatchObject({ segments: 8, entries: 6 + 2 * 6, findings: [], erasedTexts: 0 });
  });

  it('may have entries without texts, and others keep their own', async () => {
    const store = memoryStore();
    const audit = openAudit(store);
    const { text: _, ...without } = inference('b', '');
    await audit.appendBatch('batch', [inference('a', 'one'), without, inference('c', 'three')], 0);
    const read: (string | null)[] = [];
    for await (const entry of audit.entries()) read.push(await audit.textOf(entry));
    expect(read).toEqual(['one', null, 'three']);
    await audit.appendBatch('none', [without], 0);
    expect([...store.files.keys()].filter(key => key.startsWith('audit/texts/'))).toHaveLength(1);
  });

  it('whose text was altered is named with file and line', async () => {
    const store = memoryStore();
    const audit = openAudit(store);
    await audit.appendBatch('batch', [inference('a', 'one'), inference('b', 'two')], 0);
    for (const [key, content] of store.files)
      if (key.startsWith('audit/texts/')) store.files.set(key, Buffer.from(content.toString().replace('two', 'tow')));
    const { findings } = await openAudit(store).verify();
    expect(findings).toMatchObject([
      { segment: 1, what: expect.stringMatching(/^the text audit.* line 2 was altered$/) },
    ]);
  });
});
