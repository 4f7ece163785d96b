import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../../../src/domain/skill-training/evaluate.ts';
import { payloadOf } from '../../../src/domain/skill-training/payload.ts';
import { openFileStore } from '../../../src/store/artifacts/file-store.ts';
import { openTrainings } from '../../../src/store/trainings/trainings.ts';
import { events } from '../../domain/skill-training/sample-events.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { codedBy, codeOf } from '../../thrown.ts';

function open() {
  const root = temporaryFolder();
  return { root, trainings: openTrainings(openFileStore(root)) };
}

const payload = payloadOf('skill-1', {
  utterances: [
    { text: 'a secret of Ann', label: 'x', language: 'en' },
    { text: 'b', label: 'y', language: 'en' },
  ],
  labels: ['x', 'y'].map(id => ({ id, name: id, description: '' })),
});

describe('a request’s log', () => {
  it('says where the request stands', async () => {
    const { trainings } = open();
    expect(await trainings.list()).toEqual([]);
    expect(await trainings.read('r-1')).toEqual({ state: null, length: 0, events: [] });
    expect(await trainings.append('r-1', 0, events.validated)).toEqual({ number: 1, entry: events.validated });
    await trainings.append('r-1', 1, events.submitting);
    await trainings.append('r-2', 0, events.validated);
    expect(await trainings.read('r-1')).toMatchObject({ state: { name: 'submitting', attempts: 1 }, length: 2 });
    expect((await trainings.read('r-1')).events).toEqual([events.validated, events.submitting]);
    expect(await trainings.list()).toEqual(['r-1', 'r-2']);
  });

  it('takes one of two that append at once', async () => {
    const { root, trainings } = open();
    await trainings.append('r-1', 0, events.validated);
    const claims = ['c-1', 'c-2', 'c-3'].map(claim => ({ ...events.submitting, claim }));
    const taken = await Promise.all(claims.map(claim => openTrainings(openFileStore(root)).append('r-1', 1, claim)));
    const won = taken.filter(entry => entry !== null);
    expect(won).toHaveLength(1);
    expect((await trainings.read('r-1')).events.at(-1)).toEqual(won[0]?.entry);
    expect(await trainings.append('r-1', 1, events.submitting)).toBeNull();
  });

  it('in which an entry cannot stand is damaged', async () => {
    const { trainings } = open();
    await trainings.append('r-1', 0, events.submitted);
    expect(await codeOf(() => trainings.read('r-1'))).toBe('ARTIFACT_DAMAGED');
  });
});

describe('a payload', () => {
  it('is written once: a rerun that makes another finds the first', async () => {
    const { trainings } = open();
    const file = await trainings.writePayload('r-1', payload);
    expect(await trainings.writePayload('r-1', { ...payload, skillId: 'other' })).toEqual(file);
    expect(await trainings.readPayload(file)).toEqual(payload);
  });

  it.each([
    ['altered', (text: string) => text.replace('skill-1', 'skill-2')],
    ['cut', (text: string) => text.slice(0, -5)],
  ])('that was %s is not sent: the place is named, its texts are not', async (_how, change) => {
    const { root, trainings } = open();
    const file = await trainings.writePayload('r-1', payload);
    const path = join(root, file.key);
    writeFileSync(path, change(readFileSync(path, 'utf8')));
    const error = await codedBy(() => trainings.readPayload(file));
    expect(error).toMatchObject({ code: 'ARTIFACT_DAMAGED', where: file.key });
    expect(error.message).not.toContain('Ann');
  });

  it('that is gone is missing', async () => {
    const { trainings } = open();
    const file = { key: 'trainings/r-9/payload.json', bytes: 1, sha256: '0'.repeat(64) };
    expect(await codeOf(() => trainings.readPayload(file))).toBe('ARTIFACT_MISSING');
  });
});

it('an evaluation is kept for each job of the platform', async () => {
  const { trainings } = open();
  const result = (right: string) =>
    evaluate({
      labels: ['x', 'y'].map(id => ({ id, name: id })),
      predictions: [{ label: 'x', score: 0.5 }],
      actuals: [right],
      trainingDurationSeconds: 1,
    });
  const [one, other] = [
    await trainings.writeEvaluation('r-1', 'job/1', result('x')),
    await trainings.writeEvaluation('r-1', 'job/2', result('y')),
  ];
  expect(await trainings.readEvaluation(one)).toEqual(result('x'));
  expect(await trainings.readEvaluation(other)).toEqual(result('y'));
  expect(await codeOf(() => trainings.report('r-1'))).toBe('ARTIFACT_MISSING');
  await trainings.writeReport('r-1', '<p>');
  expect((await trainings.report('r-1')).toString()).toBe('<p>');
});
