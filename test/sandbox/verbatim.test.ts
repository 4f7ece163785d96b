import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadVerbatim } from '../../src/sandbox/corpus/load-verbatim.ts';
import { askLog, conversation, tenant, tokenOf } from './tenant.ts';

it('records are served byte for byte, also those that are not UTF-8', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'verbatim-'));
  try {
    const file = join(folder, 'records.jsonl');
    const latin1 = Buffer.from(JSON.stringify(conversation('caf\u00e9', 1)), 'latin1');
    await writeFile(file, Buffer.concat([latin1, Buffer.from('\n{"id": 7}\n')]));
    const sandbox = await tenant({ verbatim: await loadVerbatim([file]), interactions: [conversation('c', 2)] });
    const body = Buffer.from(await (await askLog(sandbox, await tokenOf(sandbox))).arrayBuffer());
    expect(body.includes(latin1)).toBe(true);
    expect(body.includes('{"id": 7}')).toBe(true);
    expect(JSON.parse(body.toString())).toMatchObject({ totalCount: 3 });
    await writeFile(file, '{"id": 7');
    await expect(loadVerbatim([file])).rejects.toThrow(`${file}:1: the line is not JSON`);
  } finally {
    await rm(folder, { recursive: true });
  }
});
