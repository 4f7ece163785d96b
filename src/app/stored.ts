import { join, resolve } from 'node:path';
import type { Config } from '../config/config.ts';
import { sandboxTenant } from '../config/tenant.ts';
import { type Alerts, openAlerts } from '../store/alerts/alerts.ts';
import { folderOf, openFileStore } from '../store/artifacts/file-store.ts';
import type { ArtifactStore } from '../store/artifacts/store.ts';
import { type Audit, openAudit } from '../store/audit/audit.ts';
import { type Calibrations, openCalibrations } from '../store/calibrations/calibrations.ts';
import { type Datasets, openDatasets } from '../store/datasets/datasets.ts';
import { type Extractions, openExtractions } from '../store/extractions/extractions.ts';
import { type ModelHashes, openModelHashes } from '../store/models/model-hashes.ts';
import { type Models, openModels } from '../store/models/models.ts';
import { openPushes, type Pushes } from '../store/pushes/pushes.ts';
import { type Cancellations, openCancellations } from '../store/requests/cancellations.ts';
import { openRequestList, type RequestList } from '../store/requests/request-list.ts';
import { openRequests, type Requests } from '../store/requests/requests.ts';
import { openRuns, type Runs } from '../store/runs/runs.ts';
import { openSchedules, type Schedules } from '../store/schedules/schedules.ts';
import { openSealing, type Sealing } from '../store/sealing/sealing.ts';
import { refuseFormerLayout, tenantsIn } from '../store/tenant/layout.ts';
import { openServiceIdentities, type ServiceIdentities } from '../store/tenant/service-identities.ts';
import { openTrainings, type Trainings } from '../store/trainings/trainings.ts';
import { openTunings, type Tunings } from '../store/tunings/tunings.ts';
import { openUploads, type Uploads } from '../store/uploads/uploads.ts';
import { type Outbox, openOutbox } from '../store/webhooks/outbox.ts';
import { openRegistrations, type Registrations } from '../store/webhooks/registrations.ts';

/** The stored part of the app: what can be read and repaired without a queue. */
export interface Stored {
  readonly store: ArtifactStore;
  readonly runs: Runs;
  readonly datasets: Datasets;
  readonly uploads: Uploads;
  readonly tunings: Tunings;
  readonly pushes: Pushes;
  readonly trainings: Trainings;
  readonly calibrations: Calibrations;
  readonly models: Models;
  readonly extractions: Extractions;
  readonly alerts: Alerts;
  readonly modelHashes: ModelHashes;
  readonly requests: Requests;
  readonly requestList: RequestList;
  readonly cancellations: Cancellations;
  readonly schedules: Schedules;
  readonly outbox: Outbox;
  /** Our webhooks at the platform. */
  readonly registrations: Registrations;
  readonly audit: Audit;
  readonly serviceIdentities: ServiceIdentities;
  /** Encrypts what must not be readable in Redis. */
  sealing(): Promise<Sealing>;
}

/** The embedded redis-server belongs to the working folder, as `.env` does. */
export function embeddedRedisFolder(): string {
  return resolve('data', 'redis');
}

/** The tenants that have data in the artifact store, by name. */
export function storedTenants(config: Config): string[] {
  return tenantsIn(folderOf(config.artifactsUrl));
}

/** The other tenants that have data in the store, each with what selects it; empty where there are none. */
export function otherTenants(config: Config): string[] {
  const others = storedTenants(config).filter(name => name !== config.tenant.key);
  return others.map(name => (name === sandboxTenant ? `${name} (--sandbox)` : `${name} (TENANT=${name})`));
}

/** Start of all keys of the tenant in Redis: a hash tag, so that Redis Cluster keeps them together. */
export function tenantPrefix(config: Config): string {
  return `{${config.redisPrefix}:${config.tenant.key}}`;
}

/** @throws MlopsError STORE_FORMER_LAYOUT */
export function openStored(config: Config): Stored {
  const root = folderOf(config.artifactsUrl);
  refuseFormerLayout(root, config.tenant.key);
  const store = openFileStore(join(root, config.tenant.key));
  const sealing = openSealing(store);
  const calibrations = openCalibrations(store, sealing);
  return {
    store,
    runs: openRuns(store),
    datasets: openDatasets(store),
    uploads: openUploads(store),
    tunings: openTunings(store),
    pushes: openPushes(store),
    trainings: openTrainings(store),
    calibrations,
    models: openModels(store),
    extractions: openExtractions(store),
    alerts: openAlerts(store, async () => (await calibrations.read()).log),
    modelHashes: openModelHashes(store),
    requests: openRequests(store),
    requestList: openRequestList(store),
    cancellations: openCancellations(store),
    schedules: openSchedules(store),
    outbox: openOutbox(store),
    registrations: openRegistrations(store),
    audit: openAudit(store),
    serviceIdentities: openServiceIdentities(store, config.tenant.key),
    sealing,
  };
}
