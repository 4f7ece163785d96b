import { z } from 'zod';
import { checkTrainingData } from './check-training-data.ts';
import { refusal } from './problem.ts';
import { defaultLanguage, type TrainingData } from './training-data.ts';

/** What a skill is called on the platform. */
export const skillId = z.string().min(1).max(256);

/** The body of the platform's request for a training job, field for field. */
export const trainingPayload = z.strictObject({
  skillId,
  trainingData: z.strictObject({
    utterances: z
      .array(z.strictObject({ text: z.string().min(1), label: z.string().min(1), language: z.string() }))
      .min(1),
    /** The share of the utterances that the platform holds back to validate on. */
    validationSplit: z.number().gt(0).lt(1),
    language: z.string(),
  }),
  labels: z.array(z.strictObject({ id: z.string(), name: z.string(), description: z.string() })).min(1),
  hyperparameters: z.strictObject({
    maxEpochs: z.number().int().positive(),
    earlyStopping: z.boolean(),
    /** Epochs without an improvement after which training stops. */
    patience: z.number().int().nonnegative(),
  }),
});
export type TrainingPayload = z.infer<typeof trainingPayload>;

export const validationSplit = 0.2;
export const hyperparameters = { maxEpochs: 50, earlyStopping: true, patience: 5 } as const;

/**
 * The platform's request for training `skill` on `data`; the language is the one that the data has.
 * @throws MlopsError BAD_INPUT naming every problem of the data, so that nothing unchecked is ever sent
 */
export function payloadOf(skill: string, data: TrainingData): TrainingPayload {
  const { problems } = checkTrainingData(data);
  if (problems.length > 0) throw refusal('the training data cannot be used', problems);
  const language = data.utterances[0]?.language ?? defaultLanguage;
  return {
    skillId: skill,
    trainingData: {
      utterances: data.utterances.map(({ text, label }) => ({ text, label, language })),
      validationSplit,
      language,
    },
    labels: data.labels.map(({ id, name, description }) => ({ id, name, description })),
    hyperparameters,
  };
}
