import type { RegistryEntry } from '../../src/domain/skill-training/registry-entry.ts';
import type { RequestState } from '../../src/domain/skill-training/request-state.ts';
import { trainingReport } from '../../src/reports/training-report.ts';
import type { Context } from './context.ts';

type Exported = Extract<RequestState, { name: 'exported' }>;

/** Writes the report, registers the model and records it in the audit log; that completes the request. */
export async function registerModel(
  state: Exported,
  length: number,
  { resources }: Pick<Context, 'resources'>,
): Promise<void> {
  const { tenant, trainings, models, audit } = resources;
  const { opening, evaluated, files, jobId } = state;
  const { request, skillId, by, data } = opening;
  const entry: RegistryEntry = {
    skillId,
    jobId,
    request,
    by,
    files,
    data,
    at: evaluated.at,
    metrics: evaluated.metrics,
    bestThreshold: evaluated.bestThreshold,
    trainingDurationSeconds: evaluated.trainingDurationSeconds,
    ...(evaluated.stray === undefined ? {} : { stray: evaluated.stray }),
    ...(evaluated.computeUnits === undefined ? {} : { computeUnits: evaluated.computeUnits }),
  };
  const evaluation = await trainings.readEvaluation(evaluated.evaluation);
  await trainings.writeReport(request, trainingReport({ ...entry, tenant, evaluation }));
  const number = await models.register(entry);
  const keyOf = (name: string) => files.find(file => file.name === name)?.key ?? null;
  await audit.appendOnce({
    id: `training-${request}`,
    kind: 'action',
    what: 'training',
    by,
    details: {
      timestamp: evaluated.at,
      jobId,
      metrics: {
        precision: evaluated.metrics.macroPrecision,
        recall: evaluated.metrics.macroRecall,
        confusionMatrix: evaluation.confusionMatrix,
      },
      artifacts: { modelUrl: keyOf('model-weights'), configUrl: keyOf('config') },
      // Both are true here: no request starts without the checks, and the model is in the registry by now.
      compliance: { dataValidated: true, balanceChecked: true, registrySyncReady: true },
    },
  });
  await trainings.append(request, length, { kind: 'audited', at: new Date().toISOString(), registryEntry: number });
}
