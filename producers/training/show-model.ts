import { z } from 'zod';
import { describeStray } from '../../src/domain/skill-training/evaluation.ts';
import type { RegistryEntry } from '../../src/domain/skill-training/registry-entry.ts';
import type { Numbered } from '../../src/store/artifacts/log.ts';
import { grid, table } from '../cli/terminal.ts';

/** A model's metrics, source and files, for a terminal. */
export function describeModel({ number, entry }: Numbered<RegistryEntry>): string {
  const { metrics, bestThreshold, data } = entry;
  const stray = describeStray(entry.stray ?? []);
  return [
    `model ${number}: skill ${entry.skillId}, job ${entry.jobId}`,
    table([
      ['accuracy', metrics.accuracy.toFixed(4)],
      ['macro precision', metrics.macroPrecision.toFixed(4)],
      ['macro recall', metrics.macroRecall.toFixed(4)],
      ['macro F1', metrics.macroF1.toFixed(4)],
      ...(bestThreshold === null
        ? ([['best threshold', 'none: the platform returned no scores']] as const)
        : ([
            ['best threshold, grid', `${bestThreshold.grid.threshold} (F1 ${bestThreshold.grid.f1.toFixed(4)})`],
            ['best threshold, exact', `${bestThreshold.exact.threshold} (F1 ${bestThreshold.exact.f1.toFixed(4)})`],
          ] as const)),
      [
        'trained on',
        `${data.utterances.toLocaleString('en-US')} utterances of ${data.labels} labels, from ${sourceOf(entry)}`,
      ],
      ['training took', entry.trainingDurationSeconds === null ? 'unknown' : `${entry.trainingDurationSeconds} s`],
      ...(stray === null ? [] : [['warning', stray] as const]),
      ['registered', `${entry.at}, for ${entry.by}`],
    ]),
    grid(
      ['file', 'bytes', 'sha256', 'in the store'],
      entry.files.map(({ name, bytes, sha256, key }) => [name, bytes, sha256, key]),
    ),
  ].join('\n');
}

export function sourceOf({ data }: Pick<RegistryEntry, 'data'>): string {
  return data.source.kind === 'file' ? data.source.name : `${data.source.dataset}@${data.source.version}`;
}

const shown = z.object({
  stage: z.enum(['training', 'evaluating', 'exporting']),
  jobId: z.string(),
  percent: z.number().optional(),
  status: z.string().optional(),
  trainingStage: z.string().optional(),
  computeUnits: z.object({ allocated: z.number().nullable(), used: z.number().nullable() }).optional(),
});

/** A training's progress as one line. */
export function describeTraining(progress: unknown): string {
  const known = shown.safeParse(progress).data;
  if (known === undefined) return 'submitting';
  const { stage, jobId, status, trainingStage, percent = 0, computeUnits } = known;
  if (stage === 'evaluating') return `${jobId}: evaluating`;
  if (stage === 'exporting') return `${jobId}: fetching the model`;
  const units =
    computeUnits === undefined ? '' : `, compute units ${computeUnits.used ?? '?'} of ${computeUnits.allocated ?? '?'}`;
  return `${jobId}: ${trainingStage ?? status ?? 'training'}, ${percent} %${units}`;
}
