import { type TrainingSubmission, trainingSubmission } from '../../platform/endpoints.ts';
import type { Answer, FieldError } from '../kernel/answer.ts';
import { type BodyWords, readJsonBody } from '../kernel/json-body.ts';
import type { SandboxRequest } from '../kernel/sandbox-request.ts';

/** Largest class by smallest. */
const mostImbalance = 3;

/** What is submitted, or the 400 that says field by field what is wrong with it. Utterances are never quoted. */
export function readSubmission(
  request: SandboxRequest,
): { readonly body: TrainingSubmission } | { readonly refusal: Answer } {
  return readJsonBody(request, trainingSubmission, words, wrongTogether);
}

const words: BodyWords = {
  what: 'training job',
  message: field => (field === 'trainingData.validationSplit' ? 'must be a number between 0 and 1' : undefined),
};

/** What is wrong though every field by itself is fine. */
function wrongTogether({ trainingData, labels }: TrainingSubmission): FieldError[] {
  const { utterances, language } = trainingData;
  const ids = labels.map(({ id }) => id);
  const defined = new Set(ids);
  const repeated = ids.flatMap((id, index) =>
    ids.indexOf(id) === index ? [] : [{ field: `labels[${index}].id`, message: 'is given more than once' }],
  );
  const unknown = utterances.flatMap(({ label }, index) =>
    defined.has(label)
      ? []
      : [{ field: `trainingData.utterances[${index}].label`, message: 'does not match any label' }],
  );
  return [...repeated, ...unknown, ...wrongLanguages(utterances, language), ...imbalance(utterances)];
}

function wrongLanguages(utterances: readonly { readonly language: string }[], language: string): FieldError[] {
  const isCode = /^[a-z]{2}$/.test(language);
  const declared = isCode ? [] : [{ field: 'trainingData.language', message: 'must be an ISO 639-1 code, such as en' }];
  const others = utterances.flatMap((utterance, index) =>
    utterance.language === language
      ? []
      : [
          {
            field: `trainingData.utterances[${index}].language`,
            message: 'is not that of the training data: a training set is monolingual',
          },
        ],
  );
  return [...declared, ...others];
}

function imbalance(utterances: readonly { readonly label: string }[]): FieldError[] {
  const counts = new Map<string, number>();
  for (const { label } of utterances) counts.set(label, (counts.get(label) ?? 0) + 1);
  const [least, most] = [...counts.values()].reduce(
    ([low, high], count) => [Math.min(low, count), Math.max(high, count)],
    [Number.POSITIVE_INFINITY, 0],
  );
  if (most / least <= mostImbalance) return [];
  return [
    {
      field: 'trainingData.utterances',
      message: `are imbalanced beyond ${mostImbalance}:1: the smallest class has ${least}, the largest ${most}`,
    },
  ];
}
