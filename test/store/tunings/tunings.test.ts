import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Tuning } from '../../../src/domain/roc/tuning.ts';
import { openFileStore } from '../../../src/store/artifacts/file-store.ts';
import { openTunings, tuningId } from '../../../src/store/tunings/tunings.ts';
import { intentsOf, tuned } from '../../domain/push/tuned.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { codedBy, codeOf } from '../../thrown.ts';

const tuning: Tuning = {
  tuning: 'nightly',
  at: '2024-05-15T12:00:00.000Z',
  globalThreshold: 0.5,
  skipped: ['unknown'],
  csv: { name: 'export.csv', bytes: 10, sha256: 'f'.repeat(64), rows: 20 },
  parameters: {
    maxFpr: 0.15,
    maxFprConfidence: false,
    bootstrap: 0,
    seed: 1,
    minPositives: 5,
    minNegatives: 5,
  },
  intents: [{ ...tuned('a', 0.5, 'max-fpr-unmet'), name: 'A' }],
  tenantIntents: intentsOf('a', 'b'),
};

function opened() {
  const root = temporaryFolder();
  return { root, tunings: openTunings(openFileStore(root)) };
}

describe('a tuning', () => {
  it('is nothing until it is written', async () => {
    const { tunings } = opened();
    expect(await tunings.result('nightly')).toBeNull();
    expect(await tunings.intentPage('nightly', 1, 1)).toBeNull();
    expect(await tunings.hasReport('nightly')).toBe(false);
    expect(await codeOf(() => tunings.report('nightly'))).toBe('ARTIFACT_MISSING');
  });

  it('is read back as it was written, and not written again', async () => {
    const { tunings } = opened();
    await tunings.writeResult(tuning);
    await tunings.writeResult({ ...tuning, globalThreshold: 0.9 });
    expect(await tunings.result('nightly')).toEqual(tuning);
    await tunings.writeReport('nightly', '<p>…</p>');
    await tunings.writeReport('nightly', 'another');
    expect(await tunings.hasReport('nightly')).toBe(true);
    expect((await tunings.report('nightly')).toString()).toBe('<p>…</p>');
  });

  it('keeps the pages of each walk apart', async () => {
    const { tunings } = opened();
    const page = (id: string) => ({ entities: [{ id, name: id }], page: 1, pageCount: 1 });
    await tunings.writeIntentPage('nightly', 1, 1, page('first'));
    await tunings.writeIntentPage('nightly', 2, 1, page('second'));
    await tunings.writeIntentPage('nightly', 1, 1, page('late'));
    expect(await tunings.intentPage('nightly', 1, 1)).toEqual(page('first'));
    expect(await tunings.intentPage('nightly', 2, 1)).toEqual(page('second'));
    expect(await tunings.intentPage('nightly', 1, 2)).toBeNull();
    expect(await tunings.intentPage('other', 1, 1)).toBeNull();
  });

  it('that is damaged is named', async () => {
    const { root, tunings } = opened();
    await tunings.writeResult(tuning);
    const place = join(root, 'tunings', 'nightly', 'result.json');
    writeFileSync(place, JSON.stringify({ ...tuning, intents: [{ intentId: 'a' }] }));
    const error = await codedBy(() => tunings.result('nightly'));
    expect(error.code).toBe('ARTIFACT_DAMAGED');
    expect(error.message).toContain('tunings/nightly/result.json');
  });

  it('has a name that cannot leave its folder', () => {
    for (const name of ['', '..', 'a/b', '.hidden', 'a b', 'x'.repeat(65)])
      expect(tuningId.safeParse(name).success, name).toBe(false);
    expect(tuningId.safeParse('0b5-A_z').success).toBe(true);
  });
});
