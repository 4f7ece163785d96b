import { differenceTo } from '../../src/domain/push/difference.ts';
import { planPush } from '../../src/domain/push/plan.ts';
import { livePush } from '../../src/domain/push/push.ts';
import { globalThreshold } from '../../src/domain/roc/global-threshold.ts';
import { isPushable } from '../../src/domain/roc/pushable.ts';
import { tuneIntents } from '../../src/domain/roc/tune.ts';
import type { Tuning } from '../../src/domain/roc/tuning.ts';
import { MlopsError } from '../../src/errors.ts';
import { tuningReport } from '../../src/reports/tuning-report.ts';
import { type Handler, handle } from '../../src/runtime/handler.ts';
import { done } from '../../src/runtime/outcome.ts';
import { readExport } from '../../src/store/cv-export/read-export.ts';
import { pushConfig } from '../push-config/job.ts';
import type { Resources } from '../resources.ts';
import type { Context, Needs, Outcome } from './context.ts';
import { type ComputePayload, computeRoc, tuningJobId } from './job.ts';
import { listTenantIntents } from './list-intents.ts';

export const handler: Handler<Needs> = handle(computeRoc, async (payload, context): Promise<Outcome> => {
  const { tunings, cancellations } = context.resources;
  const known = await tunings.result(payload.tuning);
  const computed = known ?? (await compute(payload, context));
  await cancellations.proveWanted(tuningJobId(payload.tuning));
  await tunings.writeReport(computed.tuning, await report(computed, context.resources));
  // The result is written last: once it exists, everything does.
  const result = known ?? (await tunings.writeResult(computed));
  return done(summary(result), { next: next(payload) });
});

async function compute(payload: ComputePayload, context: Context): Promise<Tuning> {
  const { resources, signal } = context;
  await resources.cancellations.proveWanted(tuningJobId(payload.tuning));
  const upload = await resources.uploads.find(payload.csv);
  if (upload === null)
    throw new MlopsError(
      'UPLOAD_NOT_FOUND',
      `upload ${payload.csv} was not found or has expired. Upload the export again`,
    );
  await context.progress({ stage: 'reading' });
  const { samples, rows } = await readExport(resources.uploads.read(upload), upload.name, { signal });
  refuseTooMuch(rows, payload.parameters.bootstrap);
  await context.progress({ stage: 'intents' });
  const pushed = livePush((await resources.pushes.read()).pushes)?.thresholds.intents ?? [];
  const expected = [...samples.intentIds, ...pushed.map(({ intentId }) => intentId)];
  const tenantIntents = await listTenantIntents(payload.tuning, expected, context, {
    isTrial: payload.push === null,
  });

  const names = new Map(tenantIntents.map(({ id, name }) => [id, name]));
  const intents: Tuning['intents'] = [];
  for await (const tuned of tuneIntents(samples, id => names.has(id), payload.parameters)) {
    signal.throwIfAborted();
    intents.push({ ...tuned, name: names.get(tuned.intentId) ?? '' });
    if (intents.length % 50 !== 0) continue;
    await resources.cancellations.proveWanted(tuningJobId(payload.tuning));
    await context.progress({ stage: 'computing', intents: intents.length });
  }
  return {
    tuning: payload.tuning,
    at: new Date().toISOString(),
    csv: { name: upload.name, bytes: upload.bytes, sha256: upload.sha256, rows },
    parameters: payload.parameters,
    globalThreshold: globalThreshold(intents),
    intents,
    skipped: samples.intentIds.filter(id => !names.has(id)),
    tenantIntents,
  };
}

/** About two minutes of resampling. */
const mostDraws = 5_000_000_000;

function refuseTooMuch(rows: number, resamples: number): void {
  if (rows * resamples <= mostDraws) return;
  const most = Math.floor(mostDraws / rows);
  throw new MlopsError('BAD_INPUT', `${resamples} resamples of ${rows} rows take too long: use at most ${most}`, {
    field: 'bootstrap',
  });
}

async function report(result: Tuning, { pushes, tenant }: Pick<Resources, 'pushes' | 'tenant'>): Promise<string> {
  const live = livePush((await pushes.read()).pushes);
  const planned = planPush(result, result.tenantIntents, live?.thresholds ?? null);
  return tuningReport({
    title: result.csv.name,
    tenant,
    at: result.at,
    rows: result.csv.rows,
    parameters: result.parameters,
    globalThreshold: result.globalThreshold,
    intents: result.intents,
    skipped: result.skipped,
    difference: planned === null ? null : differenceTo(live, planned),
  });
}

function summary({ intents, skipped, globalThreshold, csv }: Tuning) {
  return {
    rows: csv.rows,
    intents: intents.length,
    pushable: intents.filter(isPushable).length,
    skipped: skipped.length,
    globalThreshold,
  };
}

function next({ tenant, tuning, push, by }: ComputePayload) {
  return push === null ? [] : [pushConfig.spec({ kind: 'tuning', tenant, tuning, ...push, by })];
}
