import { z } from 'zod';
import { type PlatformAnswer, platformAnswer } from '../domain/entity/platform-answer.ts';
import { calibrationAnswer, calibrationJob } from '../domain/sentiment/calibration-job.ts';
import { type Evaluation, evaluation } from '../domain/skill-training/evaluation.ts';
import { type JobStatus, jobStatus } from '../domain/skill-training/job-status.ts';
import { type TrainingPayload, trainingPayload } from '../domain/skill-training/payload.ts';
import { type AnswerBounds, largeAnswer } from './answer-json.ts';

/**
 * The platform's API: every path, field, scope and limit that we use, exactly as the platform defines it. No other file
 * contains a platform path.
 */

/** A service of the platform, with its own host and credentials. */
export interface Service {
  readonly name: ServiceName;
  readonly tokenPath: string;
  readonly tokenEncoding: 'form' | 'json';
  readonly scopes: readonly string[];
}

export type ServiceName = 'interactions' | 'nlp' | 'training' | 'nlu' | 'cognigy';

export const services: Readonly<Record<ServiceName, Service>> = {
  interactions: {
    name: 'interactions',
    tokenPath: '/oauth/token',
    tokenEncoding: 'form',
    scopes: ['interactions:read', 'analytics:read'],
  },
  nlp: {
    name: 'nlp',
    tokenPath: '/api/v2/oauth/token',
    tokenEncoding: 'form',
    scopes: ['ai:nlp:read', 'ai:nlp:write', 'ai:bot:read'],
  },
  training: {
    name: 'training',
    tokenPath: '/oauth/token',
    tokenEncoding: 'json',
    scopes: ['ai:skills:read', 'ai:skills:write', 'ai:training:read', 'ai:training:write'],
  },
  nlu: { name: 'nlu', tokenPath: '/oauth/token', tokenEncoding: 'form', scopes: ['nlu:entities:extract'] },
  cognigy: {
    name: 'cognigy',
    tokenPath: '/api/v1/auth/token',
    tokenEncoding: 'form',
    scopes: ['agentassist:write', 'sentiment:calibrate', 'webhook:manage', 'audit:read'],
  },
};

/** `count` requests in any `perMs` milliseconds. */
export interface Limit {
  readonly count: number;
  readonly perMs: number;
}

const second = 1000;

/** Requests of one family share one budget over all processes; the name is that of its `LIMIT_<FAMILY>` variable. */
export const defaultLimits = {
  INTERACTIONS: { count: 2, perMs: second },
  INTENTS: { count: 2, perMs: second },
  CONFIG: { count: 1, perMs: second },
  SUBMIT: { count: 1, perMs: second },
  POLL: { count: 5, perMs: second },
  NLU: { count: 10, perMs: second },
  CALIBRATION: { count: 10, perMs: 60 * second },
  CALIBRATION_STATUS: { count: 1, perMs: second },
  AUDIT_TRAIL: { count: 2, perMs: second },
  WEBHOOKS: { count: 10, perMs: second },
} as const satisfies Record<string, Limit>;

export type Family = keyof typeof defaultLimits;

/** An endpoint: where it is, what it counts against, and the shape of its answer. */
export interface Endpoint<Answer> {
  readonly name: string;
  readonly service: ServiceName;
  readonly family: Family;
  readonly method: 'GET' | 'PUT' | 'POST';
  readonly path: string;
  readonly answer: z.ZodType<Answer>;
  /** Headers of every request to it. */
  readonly headers?: Readonly<Record<string, string>>;
  /** A 503 has a meaning of its own there: it is not the maintenance of the platform, whatever wait it gives. */
  readonly ownUnavailability?: true;
  /** Its records are looked through for `invalidBytes`, one by one: others are not taken for that. */
  readonly looksForInvalidBytes?: true;
  /** How large its answer may be; by default `usualAnswer`. */
  readonly bounds?: AnswerBounds;
}

/** Some identity providers send the seconds as a string, leave them out (RFC 6749 only recommends them), or send `null`. */
const lifetimeSeconds = z
  .union([
    z.number(),
    z
      .string()
      .regex(/^\s*\d+(\.\d+)?\s*$/)
      .transform(Number),
  ])
  .pipe(z.number().positive())
  .nullish();

/** Visible ASCII: anything else cannot be sent in a header. */
const accessToken = z.string().regex(/^[\x21-\x7e]+$/);

export const tokenAnswer = z.object({
  access_token: accessToken,
  expires_in: lifetimeSeconds,
  scope: z.string().nullish(),
});

/** Rows per page of the interaction log. */
export const pageSize = 200;

/**
 * A page of the interaction log, newest first. The records are parsed one by one by `domain/interaction`, because one
 * invalid record must not invalidate its page.
 */
export const interactionPage = z.object({
  interactions: z.array(z.unknown()),
  totalCount: z.number().int().nonnegative(),
});
export type InteractionPage = z.infer<typeof interactionPage>;

export const listInteractions: Endpoint<InteractionPage> = {
  name: 'GET /api/v2/interactions',
  service: 'interactions',
  family: 'INTERACTIONS',
  method: 'GET',
  path: '/api/v2/interactions',
  answer: interactionPage,
  looksForInvalidBytes: true,
  bounds: largeAnswer,
};

/** The query of `listInteractions`: 1-based `page`, and only rows strictly newer than `after` (ISO) if it is given. */
export function interactionQuery(page: number, after: string | null): Record<string, string> {
  return {
    pageSize: String(pageSize),
    page: String(page),
    sort: 'timestamp desc',
    returnCount: 'true',
    ...(after === null ? {} : { filter: `timestamp gt '${after}'` }),
  };
}

/** Intents per page of the intent list. */
export const intentPageSize = 100;

/** A page of the tenant's active intents; archived and deleted ones are not listed. */
export const intentPage = z.object({
  entities: z.array(z.object({ id: z.string().min(1), name: z.string() })),
  page: z.number().int(),
  pageCount: z.number().int().nonnegative(),
});
export type IntentPage = z.infer<typeof intentPage>;

export const listIntents: Endpoint<IntentPage> = {
  name: 'GET /api/v2/ai/intents',
  service: 'nlp',
  family: 'INTENTS',
  method: 'GET',
  path: '/api/v2/ai/intents',
  answer: intentPage,
};

/** The query of `listIntents`: 1-based `page`. */
export function intentQuery(page: number): Record<string, string> {
  return { page: String(page), pageSize: String(intentPageSize) };
}

/** The thresholds of a tenant: an intent without its own has the default. The platform cannot return them. */
export const nlpConfig = z.strictObject({
  defaultConfidenceThreshold: z.number().min(0).max(1),
  intentThresholds: z.array(
    z.strictObject({ intentId: z.string().min(1), confidenceThreshold: z.number().min(0).max(1) }),
  ),
});
export type NlpConfig = z.infer<typeof nlpConfig>;

/** A JSON object of undocumented fields, or nothing: this rules out a proxy's error page. */
const accepted = z.union([z.looseObject({}), z.literal(''), z.null()]);

export const putNlpConfig: Endpoint<z.infer<typeof accepted>> = {
  name: 'PUT /api/v2/ai/nlp/config',
  service: 'nlp',
  family: 'CONFIG',
  method: 'PUT',
  path: '/api/v2/ai/nlp/config',
  answer: accepted,
};

/** A model's training data: the body of `submitTraining`. */
export const trainingSubmission = trainingPayload;
export type TrainingSubmission = TrainingPayload;

const submittedTraining = z.object({ jobId: z.string().min(1) });

/** Not idempotent: every accepted submission creates a job. */
export const submitTraining: Endpoint<z.infer<typeof submittedTraining>> = {
  name: 'POST /api/v2/ai/skills/training/jobs',
  service: 'training',
  family: 'SUBMIT',
  method: 'POST',
  path: '/api/v2/ai/skills/training/jobs',
  answer: submittedTraining,
};

/** The statuses after which a training job never changes. Any other status means that the job is in progress. */
export const terminalTrainingStatuses = ['COMPLETED', 'FAILED', 'CANCELLED'] as const;

/** In the platform's format. */
export type TrainingJob = z.input<typeof jobStatus>;

export const readTrainingJob: Endpoint<JobStatus> = {
  name: 'GET /api/v2/ai/skills/training/jobs/{jobId}',
  service: 'training',
  family: 'POLL',
  method: 'GET',
  path: '/api/v2/ai/skills/training/jobs/{jobId}',
  answer: jobStatus,
};

/** In the platform's format. */
export type TrainingEvaluation = z.input<typeof evaluation>;

export const readEvaluation: Endpoint<Evaluation> = {
  name: 'GET /api/v2/ai/skills/training/jobs/{jobId}/evaluation',
  service: 'training',
  family: 'POLL',
  method: 'GET',
  path: '/api/v2/ai/skills/training/jobs/{jobId}/evaluation',
  answer: evaluation,
  bounds: largeAnswer,
};

const signedUrl = z.url({ protocol: /^https?$/ });

/** Signed URLs: each gives access to the artifact until `expiresAt`, by the platform's clock. */
export const artifactExport = z.object({
  artifacts: z.object({ modelWeightsUrl: signedUrl, configUrl: signedUrl }),
  expiresAt: z.iso.datetime({ offset: true }),
});
export type ArtifactExport = z.infer<typeof artifactExport>;

export const exportArtifacts: Endpoint<ArtifactExport> = {
  name: 'GET /api/v2/ai/skills/training/jobs/{jobId}/artifacts/export',
  service: 'training',
  family: 'POLL',
  method: 'GET',
  path: '/api/v2/ai/skills/training/jobs/{jobId}/artifacts/export',
  answer: artifactExport,
};

/** Idempotent: the same text gives the same entities. The body is `platformRequest` of `domain/entity`. */
export const extractFromText: Endpoint<PlatformAnswer> = {
  name: 'POST /api/v2/nlu/entities/extract',
  service: 'nlu',
  family: 'NLU',
  method: 'POST',
  path: '/api/v2/nlu/entities/extract',
  answer: platformAnswer,
};

/** Sets the calibration of alerts. Answered 503 while the platform reweights its model. Idempotent by its key. */
export const putCalibration: Endpoint<z.infer<typeof calibrationAnswer>> = {
  name: 'PUT /api/v1/agentassist/sentiment/calibration',
  service: 'cognigy',
  family: 'CALIBRATION',
  method: 'PUT',
  path: '/api/v1/agentassist/sentiment/calibration',
  ownUnavailability: true,
  headers: { 'x-format-version': '2.1', prefer: 'return=minimal' },
  answer: calibrationAnswer,
};

/** The header of `putCalibration` that makes its repetitions one calibration. */
export const idempotencyHeader = 'x-idempotency-key';

/** The platform does not document this path: the setting CALIBRATION_STATUS_PATH changes it. */
export const readCalibrationJob: Endpoint<z.infer<typeof calibrationJob>> = {
  name: 'GET /api/v1/agentassist/sentiment/calibration/jobs/{jobId}',
  service: 'cognigy',
  family: 'CALIBRATION_STATUS',
  method: 'GET',
  path: '/api/v1/agentassist/sentiment/calibration/jobs/{jobId}',
  answer: calibrationJob,
};

/** The platform’s events that we receive. */
export const webhookEvents = ['sentiment.calibration.updated', 'agentassist.alert.triggered'] as const;

/** The platform documents nothing of the answer: only the id is read, and it may be absent. */
const registeredWebhook = z.union([
  z.looseObject({ id: z.union([z.string(), z.number()]).transform(String).optional().catch(undefined) }),
  z.union([z.literal(''), z.null()]).transform(() => ({ id: undefined })),
]);

/** Not idempotent: the body is `{url, events, secret, active}`. */
export const registerWebhook: Endpoint<z.output<typeof registeredWebhook>> = {
  name: 'POST /api/v1/agentassist/webhooks',
  service: 'cognigy',
  family: 'WEBHOOKS',
  method: 'POST',
  path: '/api/v1/agentassist/webhooks',
  answer: registeredWebhook,
};

/** Events per page of the audit trail. */
const trailPageSize = 50;

/** The platform documents no field of an event. An empty cursor is as good as none. */
const trailPage = z.object({
  items: z.array(z.record(z.string(), z.unknown())),
  next_cursor: z
    .string()
    .nullish()
    .transform(cursor => (cursor ? cursor : null)),
});

/** A page of the platform's audit trail of calibrations. */
export const readAuditTrail: Endpoint<z.output<typeof trailPage>> = {
  name: 'GET /api/v1/audit/sentiment/calibration',
  service: 'cognigy',
  family: 'AUDIT_TRAIL',
  method: 'GET',
  path: '/api/v1/audit/sentiment/calibration',
  answer: trailPage,
};

/** The query of `readAuditTrail`. @param cursor `null` for the first page */
export function auditTrailQuery(cursor: string | null): Record<string, string> {
  return { limit: String(trailPageSize), ...(cursor === null ? {} : { cursor }) };
}
