import { expect, it } from 'vitest';
import { openFileStore } from '../../../src/store/artifacts/file-store.ts';
import { openAudit } from '../../../src/store/audit/audit.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { memoryStore } from './memory-store.ts';

const inference = (id: string, text: string) => ({
  ...({ id, text, kind: 'inference', what: 'entities.extract', by: 'bot', details: { entities: 2 } } as const),
});
const textKeys = (store: ReturnType<typeof memoryStore>) =>
  [...store.files.keys()].filter(key => key.includes('texts'));

it('a text stands beside the log, and nowhere in it', async () => {
  const store = memoryStore();
  const audit = openAudit(store);
  await audit.append([
    inference('q1', 'My name is Ada 🙂'),
    inference('q1', 'Ada again'),
    inference('extract:Q/2', ''),
  ]);
  for (const [key, bytes] of store.files)
    expect(bytes.toString().includes('Ada'), key).toBe(key.startsWith('audit/texts/q1/'));
  expect(textKeys(store)).toHaveLength(3);
  expect(await audit.verify()).toMatchObject({ entries: 3, findings: [], erasedTexts: 0 });
});

it('equal texts have hashes of their own, so that none tells that another is the same', async () => {
  const audit = openAudit(memoryStore());
  await audit.append([inference('a', 'yes'), inference('b', 'yes')]);
  const { entries } = await audit.tail(2);
  expect(new Set(entries.map(entry => entry.text?.hash)).size).toBe(2);
});

it.each(['q1', 'extract:Q/2', '..', 'Q1'])(
  'erasing the texts of %s leaves the chain whole, and says so in it',
  async id => {
    const audit = openAudit(openFileStore(temporaryFolder()));
    await audit.append([inference(id, 'one'), inference('other', 'two')]);
    await audit.append([inference(id, 'three')]);
    expect(await audit.eraseTexts(id, 'ada')).toBe(2);
    expect(await audit.eraseTexts(id, 'ada')).toBe(0);
    expect(await audit.verify()).toMatchObject({ segments: 3, entries: 4, findings: [], erasedTexts: 2 });
    expect((await audit.tail(1)).entries).toMatchObject([{ id, kind: 'action', what: 'audit.erase', by: 'ada' }]);
  },
);

it('an altered text is named with the segment that tells of it', async () => {
  const store = memoryStore();
  const audit = openAudit(store);
  for (let count = 0; count < 100; count++) await audit.append([inference(`q${count}`, 'one')]);
  for (const key of textKeys(store)) if (key.startsWith('audit/texts/q70/')) store.files.set(key, Buffer.from('two'));
  const { findings } = await audit.verify();
  expect(findings).toMatchObject([{ segment: 71, what: expect.stringContaining('audit/texts/q70/') }]);
});

it('an outcome that was there already leaves no second text', async () => {
  const store = memoryStore();
  const audit = openAudit(store);
  const change = { id: 'c', what: 'sentiment.calibrate', by: 'bot', details: {}, text: 'one' };
  await audit.intent(change);
  expect(await audit.intent(change)).toBe(false);
  expect(textKeys(store)).toHaveLength(1);
});
