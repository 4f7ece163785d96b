import { z } from 'zod';
import { listed, quoted } from '../skill-training/problem.ts';
import type { CalibratedInteraction } from './calibration.ts';
import { wholeWordFinder } from './whole-word.ts';

const confidence = z.number().min(0).max(1);
const term = z
  .string()
  .trim()
  .regex(/[\p{L}\p{N}]/u, 'must hold a letter or a digit')
  .max(200);

/** What the contract asks of the interactions of a calibration. */
export const defaultRules: VerificationRules = {
  domainTerms: ['billing', 'outage', 'refund', 'latency', 'sla'],
  emotions: { anger: 0.8, frustration: 0.8, satisfaction: 0.8, confusion: 0.8 },
};

/** Rules as a JSON file holds them: what it leaves out is as in `defaultRules`; what it has replaces them. */
export const verificationRules = z.strictObject({
  /** An interaction must hold one of them as a whole word. */
  domainTerms: z
    .array(term)
    .min(1)
    .max(1000)
    .default([...defaultRules.domainTerms]),
  /** The emotions that an interaction may have, each with the least confidence of its classification. */
  emotions: z
    .record(z.string().min(1).max(64), confidence)
    .refine(emotions => Object.keys(emotions).length > 0, 'must name at least one emotion')
    .default({ ...defaultRules.emotions }),
});
export interface VerificationRules {
  readonly domainTerms: readonly string[];
  readonly emotions: Readonly<Record<string, number>>;
}

export const failureCodes = ['no-domain-term', 'unknown-emotion', 'low-confidence'] as const;

/** Why an interaction does not qualify. The message holds no customer's text. */
export interface FailureReason {
  readonly code: (typeof failureCodes)[number];
  readonly message: string;
}

/** An interaction that does not qualify, with every reason. */
export interface FailedInteraction {
  /** Its place in the calibration, from 0. */
  readonly index: number;
  readonly interactionId: string;
  readonly reasons: readonly FailureReason[];
}

/** Every interaction that does not qualify, in their order; a calibration is sent only where there are none. */
export function failedInteractions(
  interactions: readonly CalibratedInteraction[],
  rules: VerificationRules = defaultRules,
): FailedInteraction[] {
  const holdsTerm = wholeWordFinder(rules.domainTerms);
  return interactions.flatMap((interaction, index) => {
    const reasons = [...termReasons(holdsTerm(interaction.text), rules), ...emotionReasons(interaction, rules)];
    return reasons.length === 0 ? [] : [{ index, interactionId: interaction.interaction_id, reasons }];
  });
}

/** As a sentence: `interactions[2] ("conv_9"): its confidence 0.7 is below 0.8`. */
export function failureSentence({ index, interactionId, reasons }: FailedInteraction): string {
  return `interactions[${index}] (${quoted(interactionId)}): ${reasons.map(({ message }) => message).join('; ')}`;
}

function termReasons(isFound: boolean, { domainTerms }: VerificationRules): FailureReason[] {
  if (isFound) return [];
  return [{ code: 'no-domain-term', message: `its text holds none of the domain terms ${listed(domainTerms)}` }];
}

function emotionReasons(
  { emotion, confidence }: CalibratedInteraction,
  { emotions }: VerificationRules,
): FailureReason[] {
  const least = Object.hasOwn(emotions, emotion) ? emotions[emotion] : undefined;
  if (least === undefined)
    return [
      {
        code: 'unknown-emotion',
        message: `its emotion ${quoted(emotion)} is not one of ${listed(Object.keys(emotions))}`,
      },
    ];
  if (confidence >= least) return [];
  return [{ code: 'low-confidence', message: `its confidence ${confidence} is below ${least}` }];
}
