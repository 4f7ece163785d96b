import { Gauge, Registry } from 'prom-client';
import { type Manifest, rowCounts } from '../../domain/dataset/manifest.ts';
import type { Push } from '../../domain/push/push.ts';
import { alertStates } from '../../domain/sentiment/alert.ts';
import { calibrationStates } from '../../domain/sentiment/calibration-log.ts';
import { heldMs } from '../../domain/sentiment/held-time.ts';
import { precisionOf } from '../../domain/sentiment/precision.ts';
import { isSettled, type StateName } from '../../domain/skill-training/request-state.ts';
import type { Alerts } from '../../store/alerts/alerts.ts';
import type { ArtifactStore } from '../../store/artifacts/store.ts';
import type { Audit } from '../../store/audit/audit.ts';
import type { Calibrations } from '../../store/calibrations/calibrations.ts';
import type { Datasets } from '../../store/datasets/datasets.ts';
import type { Pushes } from '../../store/pushes/pushes.ts';
import type { Trainings } from '../../store/trainings/trainings.ts';

/** The sources of the store gauges. */
export interface StoreSource {
  readonly store: ArtifactStore;
  readonly datasets: Datasets;
  readonly pushes: Pushes;
  readonly trainings: Trainings;
  readonly calibrations: Calibrations;
  readonly alerts: Pick<Alerts, 'counts'>;
  readonly audit: Audit;
}

/** All states, because states at 0 are exported too. */
const pushStates = {
  pending: 0,
  sent: 0,
  ended: 0,
  applied: 0,
  refused: 0,
  unknown: 0,
  withdrawn: 0,
} as const satisfies Record<Push['state'], 0>;
const trainingStates = {
  ...({ validated: 0, submitting: 0, polling: 0, evaluated: 0, exported: 0, audited: 0 } as const),
  ...({ 'submission-unknown': 0, 'submission-refused': 0, 'timed-out': 0, failed: 0, cancelled: 0 } as const),
} satisfies Record<StateName, 0>;
/** Final states that a recovery may still change. */
const recoverable: readonly StateName[] = ['submission-unknown', 'timed-out'];

interface DatasetFigures {
  readonly version: number;
  readonly kept: number;
  readonly removed: number;
  /** Share of the newest run's turns that were kept. */
  readonly keptShare: number | null;
  readonly committedAt: number;
}

/**
 * The current state of the artifact store, in Prometheus' text format; every process returns the same. Immutable entries
 * are read once.
 * @returns the function that reads the state
 */
export function storeGauges(source: StoreSource): () => Promise<string> {
  const known = new Map<string, DatasetFigures>();
  const ended = new Map<string, StateName>();

  async function datasetGauges(registers: Registry[]): Promise<void> {
    const labelNames = ['dataset'];
    const rows = new Gauge({
      name: 'cxone_dataset_rows',
      help: 'Rows of a dataset: kept, and removed as near-duplicates',
      registers,
      labelNames: ['dataset', 'kind'],
    });
    const share = new Gauge({
      name: 'cxone_dataset_last_run_kept_ratio',
      registers,
      labelNames,
      help: 'Share of turns kept by the last run that had turns',
    });
    const committed = new Gauge({
      name: 'cxone_dataset_last_commit_timestamp_seconds',
      registers,
      labelNames,
      help: 'When the newest version of a dataset was written',
    });
    for (const dataset of await source.datasets.names()) {
      const figures = await figuresOf(dataset, known.get(dataset), source.datasets);
      if (figures === null) continue;
      known.set(dataset, figures);
      rows.set({ dataset, kind: 'kept' }, figures.kept);
      rows.set({ dataset, kind: 'removed' }, figures.removed);
      if (figures.keptShare !== null) share.set({ dataset }, figures.keptShare);
      committed.set({ dataset }, figures.committedAt / 1000);
    }
  }

  async function trainingGauge(registers: Registry[]): Promise<void> {
    const counts = new Map<string, number>(Object.entries(trainingStates));
    for (const request of await source.trainings.list()) {
      const state = ended.get(request) ?? (await stateOf(request));
      if (state !== undefined) counts.set(state, (counts.get(state) ?? 0) + 1);
    }
    const gauge = new Gauge({
      name: 'cxone_trainings',
      help: 'Training requests by state',
      registers,
      labelNames: ['state'],
    });
    for (const [state, count] of counts) gauge.set({ state }, count);
  }

  async function stateOf(request: string): Promise<StateName | undefined> {
    const { state } = await source.trainings.read(request);
    if (state !== null && isSettled(state) && !recoverable.includes(state.name)) ended.set(request, state.name);
    return state?.name;
  }

  async function pushGauge(registers: Registry[]): Promise<void> {
    const { pushes } = await source.pushes.read();
    const gauge = new Gauge({
      name: 'cxone_pushes',
      help: 'Pushes of thresholds by state',
      registers,
      labelNames: ['state'],
    });
    for (const state of Object.keys(pushStates))
      gauge.set({ state }, pushes.filter(push => push.state === state).length);
  }

  async function calibrationGauges(registers: Registry[]): Promise<void> {
    const { calibrations, newestAccepted } = (await source.calibrations.read()).log;
    const states = new Gauge({
      name: 'cxone_calibrations',
      help: 'Calibrations by state',
      registers,
      labelNames: ['state'],
    });
    for (const state of calibrationStates)
      states.set({ state }, calibrations.filter(each => each.state === state).length);
    const held = new Gauge({
      name: 'cxone_calibrations_held_seconds',
      help: 'For how long reweights have held calibrations, all together',
      registers,
    });
    held.set(calibrations.reduce((sum, each) => sum + heldMs(each), 0) / 1000);
    const latency = new Gauge({
      name: 'cxone_calibration_latency_seconds',
      help: 'From sending the newest accepted calibration to its answer; 0 before the first one',
      registers,
    });
    latency.set((calibrations[newestAccepted - 1]?.accepted?.latencyMs ?? 0) / 1000);
  }

  async function alertGauges(registers: Registry[]): Promise<void> {
    const { total } = await source.alerts.counts();
    const alerts = new Gauge({
      name: 'cxone_sentiment_alerts',
      help: 'Alerts of the platform by state',
      registers,
      labelNames: ['state'],
    });
    for (const state of alertStates) alerts.set({ state }, total[state]);
    const precision = new Gauge({
      name: 'cxone_sentiment_precision',
      help: 'Share of the judged alerts that were confirmed, and the ends of its exact 95 % interval',
      registers,
      labelNames: ['bound'],
    });
    if (total.confirmed + total.refuted === 0) return;
    const { precision: estimate, interval } = precisionOf(total);
    precision.set({ bound: 'estimate' }, estimate);
    precision.set({ bound: 'low' }, interval[0]);
    precision.set({ bound: 'high' }, interval[1]);
  }

  async function storeGauge(registers: Registry[]): Promise<void> {
    const head = await source.audit.head();
    new Gauge({
      name: 'cxone_audit_head',
      registers,
      help: 'Number of the newest segment of the audit log; it never decreases',
    }).set(head?.number ?? 0);
    const free = await source.store.freeBytes();
    if (free === null) return;
    new Gauge({ name: 'cxone_store_free_bytes', help: 'Free space of the artifact store', registers }).set(free);
  }

  return async () => {
    const register = new Registry();
    await Promise.all(
      [datasetGauges, trainingGauge, pushGauge, calibrationGauges, alertGauges, storeGauge].map(look =>
        look([register]),
      ),
    );
    return await register.metrics();
  };
}

/** A version never changes: it is read once. */
async function figuresOf(
  dataset: string,
  known: DatasetFigures | undefined,
  datasets: Datasets,
): Promise<DatasetFigures | null> {
  const version = await datasets.length(dataset);
  if (version === 0) return null;
  if (known?.version === version) return known;
  const { entry } = await datasets.version(dataset, version);
  return {
    version,
    ...rowCounts(entry),
    keptShare: keptShareOf(entry) ?? known?.keptShare ?? null,
    committedAt: await datasets.writtenAt(dataset, version),
  };
}

function keptShareOf({ made }: Manifest): number | null {
  if (made.by !== 'run') return null;
  const { kept, removed } = made.counts;
  return kept + removed === 0 ? null : kept / (kept + removed);
}
