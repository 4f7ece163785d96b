import { evaluate } from '../../src/domain/skill-training/evaluate.ts';
import { type Evaluation, evaluation } from '../../src/domain/skill-training/evaluation.ts';
import type { TrainingReport } from '../../src/reports/training-report.ts';

const topics = ['card', 'transfer', 'top_up', 'exchange_rate', 'refund', 'identity', 'cash', 'account', 'fee'] as const;
const troubles = [
  'declined',
  'pending',
  'not_recognised',
  'lost',
  'how_to',
  'charged_twice',
  'limit',
  'cancel',
] as const;

/** Names like those of a bank's intents, all different. */
export function labelsOf(size: number): Evaluation['labels'] {
  return Array.from({ length: size }, (_, index) => {
    const topic = topics[index % topics.length];
    const trouble = troubles[Math.floor(index / topics.length) % troubles.length];
    const series = Math.floor(index / (topics.length * troubles.length));
    return { id: `label-${index}`, name: `${topic}_${trouble}${series === 0 ? '' : `_${series + 1}`}` };
  });
}

/**
 * What a platform could say of a model of `size` labels: each has 12 to 30 utterances, most are right, and a mistake is
 * mostly a neighbour. Right predictions score higher on the whole; nothing is random.
 */
export function evaluationOf(size: number, { hasScores = true } = {}): Evaluation {
  const labels = labelsOf(size);
  const id = (index: number) => labels[((index % size) + size) % size]?.id ?? '';
  const rows = labels.flatMap((_, label) =>
    Array.from({ length: 12 + ((label * 7) % 19) }, (_, number) => {
      const dice = (label * 131 + number * 197) % 100;
      const isRight = dice >= 3 + ((label * 11) % 24);
      const distance = dice % 5 === 0 ? 17 : dice % 2 === 0 ? 1 : 2;
      const score = (isRight ? 0.42 : 0.18) + ((label * 37 + number * 53) % 560) / 1000;
      return { actual: id(label), label: isRight ? id(label) : id(label + distance), score };
    }),
  );
  return evaluation.parse({
    labels,
    predictions: rows.map(({ label, score }) => (hasScores ? { label, score } : label)),
    actuals: rows.map(({ actual }) => actual),
    trainingDurationSeconds: 1234.5,
  });
}

export function trainingOf(told: Evaluation, changed: Partial<TrainingReport> = {}): TrainingReport {
  return {
    tenant: 'default',
    skillId: 'bank-assistant',
    jobId: 'job-5f0c',
    request: 'request-71',
    at: '2026-03-08T14:05:12.345Z',
    by: 'ada@example.com',
    data: {
      fingerprint: '0a1b2c3d'.repeat(8),
      utterances: 8622,
      labels: told.labels.length,
      source: {
        kind: 'dataset',
        dataset: 'bank-2026',
        version: 4,
        manifestSha256: '4e5f6a7b'.repeat(8),
        labelsSha256: '8c9d0e1f'.repeat(8),
      },
    },
    trainingDurationSeconds: 1234.5,
    computeUnits: { allocated: 4, used: 3.5 },
    evaluation: evaluate(told),
    ...changed,
  };
}
