import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { loadVerbatim } from '../../src/sandbox/corpus/load-verbatim.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { conversation, conversations, noon } from './conversations.ts';
import { contentOf } from './dataset-content.ts';
import { curate, frozenTenant, openSite } from './site.ts';

const thai = ['สวัสดีครับ', 'ขอบคุณมากครับ', 'ผมต้องการยกเลิกการสมัคร', 'พัสดุของฉันอยู่ที่ไหน'];
const findings = z.looseObject({
  rejects: z.number(),
  rejectedRecords: z.array(z.looseObject({ id: z.string().nullable(), endpoint: z.string(), field: z.string() })),
  withoutTurns: z.number(),
  sendersMet: z.array(z.string()).optional(),
  unknownWords: z.number(),
});

test('a summary names rejects, conversations without turns and turns without a known word', async () => {
  const foreign = conversation('foreign', noon, 40);
  const site = await openSite(
    frozenTenant({
      interactions: [
        ...conversations(100),
        ...thai.map((text, index) => conversation(`thai${index}`, noon, 10 + index, { texts: [text] })),
        {
          ...foreign,
          messages: foreign.messages.map(each => ({ ...each, from: each.from === 'user' ? 'customer' : 'bot' })),
        },
      ],
      records: [
        { timestamp: '2024-05-15T11:00:00.500Z', record: { ...conversation('late', noon, 9), timestamp: 'Tuesday' } },
      ],
    }),
  );

  const end = await site.cli(['curate', '--dataset', 'demo', '--wait', '--json']);

  expect(end, end.stderr).toMatchObject({ code: 0 });
  const reject = { id: 'late', endpoint: 'GET /api/v2/interactions', field: 'timestamp' };
  const summary = findings.parse(JSON.parse(end.stdout));
  expect(summary).toMatchObject({ rejects: 1, withoutTurns: 1, sendersMet: ['bot', 'customer'], unknownWords: 3 });
  expect(summary.rejectedRecords).toMatchObject([reject]);
  expect(end.stderr).toMatch(/1: GET \/api\/v2\/interactions, timestamp: .*\(late\)/);
  expect(end.stderr).toMatch(/1 well-rated conversations? gave no turn.*"customer"/);
  expect(end.stderr).toMatch(/3 of the removed turns .*MODEL_PATH/);

  const shown = await site.cli(['dataset', 'show', 'demo', '--json']);
  expect(findings.parse(JSON.parse(shown.stdout))).toMatchObject({
    rejects: 1,
    rejectedRecords: [reject],
    withoutTurns: 1,
    unknownWords: 3,
  });
  expect((await site.cli(['dataset', 'show', 'demo'])).stdout).toMatch(/timestamp: .*\(late\)/);
});

test('a text whose bytes are not UTF-8 is a reject, and the others of its page are taken', async () => {
  const file = join(temporaryFolder(), 'records.jsonl');
  const latin1 = Buffer.from(JSON.stringify(conversation('latin', noon, 30, { texts: ['un caf\u00e9'] })), 'latin1');
  await writeFile(file, latin1);
  const own = conversation('own', noon, 20, { texts: ['I typed \ufffd myself'] });
  const site = await openSite(
    frozenTenant({ interactions: [...conversations(60), own], verbatim: await loadVerbatim([file]) }),
  );
  const app = await site.workingHouse();

  const summary = await curate(app, 'demo');

  expect(summary).toMatchObject({ interactions: 61, rejects: 1 });
  expect(summary.rejectedRecords).toMatchObject([
    { id: 'latin', field: 'messages[0].text', problem: 'not valid UTF-8' },
  ]);
  const texts = (await contentOf(app.datasets, 'demo')).kept.map(row => row[4]);
  expect(texts).toContain('I typed \ufffd myself');
  expect(texts.filter(text => text.includes('caf'))).toEqual([]);
});
