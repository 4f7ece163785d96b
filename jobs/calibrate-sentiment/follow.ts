import { endOf } from '../../src/domain/sentiment/calibration-job.ts';
import type { CalibrationLog } from '../../src/domain/sentiment/calibration-log.ts';
import type { Step } from '../../src/domain/sentiment/next-step.ts';
import { withoutTexts } from '../../src/domain/skill-training/without-texts.ts';
import { isCoded, MlopsError } from '../../src/errors.ts';
import { readCalibrationJob } from '../../src/platform/endpoints.ts';
import { auditOutcomes } from './audit.ts';
import type { Context } from './context.ts';
import { calibrationFailed } from './errors.ts';
import { readProgress, show } from './progress.ts';
import { record } from './record.ts';

/** `wait`: the job runs; `over`: the log has its end; `gone`: the platform no longer has it. */
export type Followed =
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'over' }
  | { readonly kind: 'gone' };

const firstPollMs = 1_000;
const longestPollMs = 15_000;
/** A host that lags behind the one that accepted the calibration, or a restarting gateway, also answers 404. */
const notFoundInARow = 3;
/** A job that runs for longer no longer holds later calibrations. */
const mostHours = 24;
const longestReason = 300;

/** Asks the platform once for the state of a calibration job, that of the request itself or one that it waits for. */
export async function follow(
  { version, jobId }: Extract<Step, { kind: 'follow' }>,
  log: CalibrationLog,
  request: string,
  context: Context,
): Promise<Followed> {
  const { resources } = context;
  const calibration = log.calibrations[version - 1];
  const isOwn = calibration?.request === request;
  const before = readProgress(context);
  const isSame = before.jobId === jobId;
  const polls = isSame ? before.polls : 0;
  const notFound = isSame ? before.notFound : 0;
  const stage = isOwn ? 'applying' : 'busy';
  await show(context, { stage, jobId, polls, notFound, ahead: undefined });

  const answer = await resources.cxone
    .ask({ ...readCalibrationJob, path: resources.calibrationStatusPath }, { path: { jobId } }, context.signal)
    .catch(async (error: unknown) => {
      if (!isCoded(error, 'PLATFORM_NOT_FOUND')) throw error;
      await show(context, { notFound: notFound + 1 });
      return null;
    });
  const lose = async (code: string, message: string): Promise<Followed> => {
    if (!isOwn) return { kind: 'gone' };
    await record({ kind: 'untracked', version, at: now(), reason: { code, message } }, resources);
    return { kind: 'over' };
  };
  if (answer === null) {
    const message = `the platform answers 404 for the calibration job ${jobId}`;
    if (notFound + 1 < notFoundInARow) throw new MlopsError('PLATFORM_UNAVAILABLE', message, { status: 404 });
    return await lose('PLATFORM_NOT_FOUND', message);
  }

  const { status, error } = answer.answer;
  const end = endOf(status);
  await show(context, { polls: polls + 1, notFound: 0, troubles: 0 });
  const runningMs = Date.now() - Date.parse(calibration?.accepted?.at ?? now());
  if (end === null && runningMs > mostHours * 3_600_000)
    return await lose('TIMED_OUT', `its calibration job still runs after ${mostHours} h`);
  if (end === null) return { kind: 'wait', ms: Math.min(longestPollMs, firstPollMs * 1.5 ** polls) };
  if (end === 'completed') await record({ kind: 'completed', version, at: now() }, resources);
  else {
    const message = await reasonFor(error, calibration?.interactions ?? null, context);
    await record({ kind: 'failed', version, at: now(), reason: { code: calibrationFailed.code, message } }, resources);
  }
  await auditOutcomes(version, (await resources.calibrations.read()).log, context);
  return { kind: 'over' };
}

/** The platform's reason may quote the interactions: a customer's text must not reach the logs or the board. */
export async function reasonFor(
  error: unknown,
  interactions: string | null,
  { resources }: Pick<Context, 'resources'>,
): Promise<string> {
  if (typeof error !== 'string' || error.trim() === '') return 'the platform gives no reason';
  const input = interactions === null ? null : await resources.calibrations.input(interactions);
  const texts = input?.calibration.interactions.map(({ text }) => text) ?? [];
  return `its calibration job failed (it says: ${withoutTexts(error, texts).slice(0, longestReason)})`;
}

const now = () => new Date().toISOString();
