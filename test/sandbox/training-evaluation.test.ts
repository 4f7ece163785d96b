import { describe, expect, it } from 'vitest';
import { exportArtifacts, readEvaluation, type TrainingEvaluation } from '../../src/platform/endpoints.ts';
import { train } from '../../src/sandbox/training/model.ts';
import { stratified } from '../../src/sandbox/training/split.ts';
import { tenant } from './tenant.ts';
import { askJob, evaluationOf, submitted, trainingSet, trainingToken } from './trainings.ts';

function accuracy({ predictions, actuals }: TrainingEvaluation): number {
  const right = predictions.filter((each, index) => labelOf(each) === actuals[index]);
  return right.length / predictions.length;
}

const labelOf = (prediction: TrainingEvaluation['predictions'][number]) =>
  typeof prediction === 'string' ? prediction : prediction?.label;
const scoreOf = (prediction: TrainingEvaluation['predictions'][number]) =>
  typeof prediction === 'string' ? Number.NaN : (prediction?.score ?? Number.NaN);

describe('the evaluation', () => {
  it('is of a model that learned something, but not everything', async () => {
    const sandbox = await tenant({ training: { seconds: 7 } });
    const token = await trainingToken(sandbox);
    const set = trainingSet(20, 50);
    const jobId = await submitted(sandbox, token, set);
    sandbox.clock.advance(7_000);
    const evaluation = await evaluationOf(sandbox, token, jobId);
    expect(evaluation.labels).toEqual(set.labels.map(({ id, name }) => ({ id, name })));
    expect(evaluation.actuals).toHaveLength(200);
    expect(evaluation.trainingDurationSeconds).toBe(7);
    expect(accuracy(evaluation)).toBeGreaterThan(0.7);
    expect(accuracy(evaluation)).toBeLessThan(1);
    const scores = evaluation.predictions.map(scoreOf);
    expect(scores.every(score => score > 0 && score <= 1)).toBe(true);
    expect(new Set(scores).size).toBeGreaterThan(100);
  });

  it('is surer where it is right', async () => {
    const sandbox = await tenant({ training: { seconds: 0 } });
    const token = await trainingToken(sandbox);
    const { predictions, actuals } = await evaluationOf(
      sandbox,
      token,
      await submitted(sandbox, token, trainingSet(20, 50)),
    );
    const mean = (isRight: boolean) => {
      const scores = predictions.flatMap((each, index) =>
        (labelOf(each) === actuals[index]) === isRight ? [scoreOf(each)] : [],
      );
      return scores.reduce((sum, score) => sum + score, 0) / scores.length;
    };
    expect(mean(true)).toBeGreaterThan(mean(false) + 0.1);
  });

  it('is the same for the same submission, and chance where there is nothing to learn', async () => {
    const sandbox = await tenant({ training: { seconds: 0 } });
    const token = await trainingToken(sandbox);
    const set = trainingSet(10, 20);
    const [one, other] = [await submitted(sandbox, token, set), await submitted(sandbox, token, set)];
    expect(await evaluationOf(sandbox, token, other)).toEqual(await evaluationOf(sandbox, token, one));

    const utterances = set.trainingData.utterances.map(utterance => ({ ...utterance, text: 'the same' }));
    const blind = { ...set, trainingData: { ...set.trainingData, utterances } };
    expect(accuracy(await evaluationOf(sandbox, token, await submitted(sandbox, token, blind)))).toBe(0.1);
  });

  it('comes without scores where it is told to', async () => {
    const sandbox = await tenant({ training: { seconds: 0 } });
    const token = await trainingToken(sandbox);
    const scored = await evaluationOf(sandbox, token, await submitted(sandbox, token));
    sandbox.trainings.plan({ plainPredictions: true });
    const plain = await evaluationOf(sandbox, token, await submitted(sandbox, token));
    expect(plain).toEqual({ ...scored, predictions: scored.predictions.map(labelOf) });
  });

  it('says whose model it is about', async () => {
    const sandbox = await tenant({ training: { seconds: 0 } });
    const token = await trainingToken(sandbox);
    const answer = await askJob(sandbox, token, await submitted(sandbox, token), readEvaluation);
    expect(await answer.json()).toMatchObject({ note: expect.stringContaining('toy model') });
  });

  it.each([readEvaluation, exportArtifacts])(
    'and the artifacts are not to be had before the job is complete: $name',
    async endpoint => {
      const sandbox = await tenant({ training: { seconds: 10 } });
      const token = await trainingToken(sandbox);
      sandbox.trainings.plan({ end: 'FAILED' });
      const [failing, completing] = [await submitted(sandbox, token), await submitted(sandbox, token)];
      const statuses = async () => [
        (await askJob(sandbox, token, failing, endpoint)).status,
        (await askJob(sandbox, token, completing, endpoint)).status,
      ];
      sandbox.clock.advance(9_999);
      expect(await statuses()).toEqual([409, 409]);
      sandbox.clock.advance(1);
      expect(await statuses()).toEqual([409, 200]);
      expect((await askJob(sandbox, token, 'unknown', endpoint)).status).toBe(404);
      expect(await (await askJob(sandbox, token, failing, endpoint)).json()).toMatchObject({
        message: 'The training job ended FAILED.',
      });
    },
  );
});

describe('the split', () => {
  it('holds out the same share of each class, and leaves something of each', () => {
    const sizes = [1, 2, 3, 7, 8, 100];
    const utterances = sizes.flatMap(size =>
      Array.from({ length: size }, (_, n) => ({ text: `${n}`, label: `${size}` })),
    );
    const { trained, heldOut } = stratified(utterances, 0.2);
    const counts = (of: typeof utterances) => sizes.map(size => of.filter(({ label }) => label === `${size}`).length);
    expect(counts([...heldOut])).toEqual([0, 1, 1, 1, 2, 20]);
    expect(counts([...trained])).toEqual([1, 1, 2, 6, 6, 80]);
    expect(counts([...stratified(utterances, 0.99).trained])).toEqual([1, 1, 1, 1, 1, 1]);
    expect(new Set([...trained, ...heldOut])).toEqual(new Set(utterances));
  });
});

describe('the model', () => {
  const labels = ['b', 'a'];

  it('finds the label whose utterances are nearest', async () => {
    const model = await train(
      [
        { text: 'Where is my card?', label: 'a' },
        { text: 'my card is lost', label: 'a' },
        { text: 'change my address', label: 'b' },
      ],
      labels,
    );
    const [card, address, nothing] = await model.classify(['CARD lost', 'my new address', '¿…?']);
    expect(card?.label).toBe('a');
    expect(address?.label).toBe('b');
    expect(nothing).toEqual({ label: 'b', score: 0.5 });
  });

  it('lets others run while it works', async () => {
    const { trainingData } = trainingSet(150, 34);
    let breaths = 0;
    let isDone = false;
    const breathe = (): void => {
      breaths += 1;
      if (!isDone) setImmediate(breathe);
    };
    setImmediate(breathe);
    const names = [...new Set(trainingData.utterances.map(({ label }) => label))];
    const model = await train(trainingData.utterances, names);
    await model.classify(trainingData.utterances.map(({ text }) => text));
    isDone = true;
    expect(breaths).toBeGreaterThanOrEqual(3 * Math.floor(trainingData.utterances.length / 250));
  });
});
