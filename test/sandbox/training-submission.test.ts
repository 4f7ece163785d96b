import { describe, expect, it } from 'vitest';
import type { TrainingSubmission } from '../../src/platform/endpoints.ts';
import { tenant } from './tenant.ts';
import { submit, trainingSet, trainingToken } from './trainings.ts';

const valid = trainingSet(3, 3);
const { utterances } = valid.trainingData;

/** A valid submission with other data. */
const withData = (changes: Record<string, unknown>) => ({
  ...valid,
  trainingData: { ...valid.trainingData, ...changes },
});
const withUtterance = (changes: Record<string, unknown>) =>
  withData({ utterances: [...utterances, { text: 'hello', label: 'label-0', language: 'en', ...changes }] });
const withParameters = (changes: Record<string, unknown>) => ({
  ...valid,
  hyperparameters: { ...valid.hyperparameters, ...changes },
});
const any = expect.any(String);

describe('a submission', () => {
  it.each<[string, unknown, string, unknown]>([
    ['no object', [], 'body', any],
    ['no skill', { ...valid, skillId: '' }, 'skillId', any],
    ['no utterances', withData({ utterances: [] }), 'trainingData.utterances', any],
    ['an utterance without a text', withUtterance({ text: '' }), 'trainingData.utterances[9].text', any],
    [
      'an utterance without a language',
      withUtterance({ language: undefined }),
      'trainingData.utterances[9].language',
      any,
    ],
    [
      'an utterance with more',
      withUtterance({ id: 7 }),
      'trainingData.utterances[9].id',
      'is not a field of the training job',
    ],
    [
      'a label that is not defined',
      withUtterance({ label: 'x' }),
      'trainingData.utterances[9].label',
      'does not match any label',
    ],
    [
      'two languages',
      withUtterance({ language: 'de' }),
      'trainingData.utterances[9].language',
      expect.stringContaining('monolingual'),
    ],
    ['no language', withData({ language: undefined }), 'trainingData.language', any],
    [
      'a split of 0',
      withData({ validationSplit: 0 }),
      'trainingData.validationSplit',
      'must be a number between 0 and 1',
    ],
    [
      'a split of 1',
      withData({ validationSplit: 1 }),
      'trainingData.validationSplit',
      'must be a number between 0 and 1',
    ],
    [
      'a split as a text',
      withData({ validationSplit: '0.2' }),
      'trainingData.validationSplit',
      'must be a number between 0 and 1',
    ],
    ['no labels', { ...valid, labels: undefined }, 'labels', any],
    [
      'a label without a name',
      { ...valid, labels: [...valid.labels, { id: 'x', description: '' }] },
      'labels[3].name',
      any,
    ],
    [
      'a label without a description',
      { ...valid, labels: [...valid.labels, { id: 'x', name: 'X' }] },
      'labels[3].description',
      any,
    ],
    [
      'a label twice',
      { ...valid, labels: [...valid.labels, ...valid.labels.slice(0, 1)] },
      'labels[3].id',
      'is given more than once',
    ],
    ['no epochs', withParameters({ maxEpochs: 0 }), 'hyperparameters.maxEpochs', any],
    ['epochs that are no whole number', withParameters({ maxEpochs: 1.5 }), 'hyperparameters.maxEpochs', any],
    ['no patience', withParameters({ patience: undefined }), 'hyperparameters.patience', any],
    ['early stopping as a text', withParameters({ earlyStopping: 'yes' }), 'hyperparameters.earlyStopping', any],
    ['no hyperparameters', { ...valid, hyperparameters: undefined }, 'hyperparameters', any],
  ])('is refused with 400 for %s', async (_case, body, field, message) => {
    const sandbox = await tenant();
    const answer = await submit(sandbox, await trainingToken(sandbox), body);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({ message: expect.stringContaining(field), errors: [{ field, message }] });
    expect(await sandbox.trainings.list()).toEqual([]);
  });

  it('is refused when it is no JSON, or does not say that it is', async () => {
    const sandbox = await tenant();
    const token = await trainingToken(sandbox);
    expect((await submit(sandbox, token, '{')).status).toBe(400);
    const url = `${sandbox.url}/api/v2/ai/skills/training/jobs`;
    const headers = { authorization: `Bearer ${token}` };
    expect((await fetch(url, { method: 'POST', headers, body: JSON.stringify(valid) })).status).toBe(400);
    expect(await sandbox.trainings.list()).toEqual([]);
  });

  it('may have three times as many utterances of one class as of another, not more', async () => {
    const sandbox = await tenant();
    const token = await trainingToken(sandbox);
    const of = (most: number): TrainingSubmission => ({
      ...valid,
      trainingData: {
        ...valid.trainingData,
        utterances: valid.labels.flatMap(({ id }, index) =>
          Array.from({ length: index === 0 ? most : 2 }, () => ({ text: 'hello', label: id, language: 'en' })),
        ),
      },
    });
    expect((await submit(sandbox, token, of(6))).status).toBe(202);
    const refused = await submit(sandbox, token, of(7));
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({
      errors: [{ field: 'trainingData.utterances', message: expect.stringMatching(/3:1.*smallest.*2.*largest.*7/) }],
    });
  });

  it('may be of another language, by its code alone', async () => {
    const sandbox = await tenant();
    const token = await trainingToken(sandbox);
    const of = (language: string) =>
      withData({ language, utterances: utterances.map(utterance => ({ ...utterance, language })) });
    expect((await submit(sandbox, token, of('de'))).status).toBe(202);
    expect(await (await submit(sandbox, token, of('German'))).json()).toMatchObject({
      errors: [{ field: 'trainingData.language', message: expect.stringContaining('ISO 639-1') }],
    });
  });

  it('is told of everything that is wrong with it, but never what its utterances say', async () => {
    const sandbox = await tenant();
    const wrong = {
      ...valid,
      trainingData: {
        ...valid.trainingData,
        utterances: Array.from({ length: 500 }, () => ({ text: 'private', label: 'x', language: 'fr' })),
      },
    };
    const text = await (await submit(sandbox, await trainingToken(sandbox), wrong)).text();
    expect(text).toContain('and 999 more');
    expect(text).not.toContain('private');
    expect(JSON.parse(text).errors).toHaveLength(100);
  });
});
