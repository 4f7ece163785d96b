import type { RequestEvent } from '../../../src/domain/skill-training/request-event.ts';

export const at = '2024-05-15T12:00:00.000Z';
const sha256 = '0'.repeat(64);
export const metrics = { accuracy: 0.9, macroPrecision: 0.8, macroRecall: 0.7, macroF1: 0.75 };
export const bestThreshold = { grid: { threshold: 0.3, f1: 0.9 }, exact: { threshold: 0.12, f1: 0.92 } };
export const files = [{ name: 'config', key: 'models/c', bytes: 7, sha256 }];
export const data = {
  fingerprint: sha256,
  utterances: 12,
  labels: 3,
  source: { kind: 'file', name: 'intents.json' },
} as const;

/** An event of every kind. */
export const events = {
  validated: {
    kind: 'validated',
    at,
    request: 'r-1',
    skillId: 'skill-1',
    by: 'cli',
    data,
    payload: { key: 'payloads/p', bytes: 100, sha256 },
    warnings: [{ code: 'duplicates', count: 2 }],
  },
  submitting: { kind: 'submitting', at, claim: 'c-1' },
  submitted: { kind: 'submitted', at, jobId: 'j-1' },
  'not-accepted': { kind: 'not-accepted', at, reason: { code: 'PLATFORM_UNAVAILABLE', message: '503' } },
  'submission-refused': { kind: 'submission-refused', at, reason: { code: 'PLATFORM_REFUSED', message: '422' } },
  'submission-unknown': { kind: 'submission-unknown', at, reason: { code: 'ABORTED', message: 'the answer was lost' } },
  attached: { kind: 'attached', at, jobId: 'j-1', by: 'ann' },
  resubmission: { kind: 'resubmission', at, by: 'ann' },
  'timed-out': { kind: 'timed-out', at, polls: 60 },
  failed: { kind: 'failed', at, reason: { code: 'FAILED', message: 'diverged' } },
  cancelled: { kind: 'cancelled', at, by: 'platform' },
  evaluated: {
    kind: 'evaluated',
    at,
    metrics,
    bestThreshold,
    trainingDurationSeconds: 38.3,
    computeUnits: { allocated: 8, used: 3 },
    evaluation: { key: 'evaluations/e', bytes: 1000, sha256 },
  },
  exported: { kind: 'exported', at, files: [...files] },
  audited: { kind: 'audited', at, registryEntry: 1 },
} satisfies { readonly [Kind in RequestEvent['kind']]: Extract<RequestEvent, { kind: Kind }> };

export type Kind = RequestEvent['kind'];
