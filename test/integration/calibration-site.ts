import { randomUUID } from 'node:crypto';
import type { CalibrationPayload } from '../../jobs/calibrate-sentiment/job.ts';
import { calibrationSpec } from '../../jobs/flows/calibration/request.ts';
import { calibrationStatus } from '../../jobs/flows/calibration/status.ts';
import { startRequest } from '../../jobs/flows/start-request.ts';
import type { App } from '../../src/app/app.ts';
import type { Calibration } from '../../src/domain/sentiment/calibration.ts';
import { putCalibration } from '../../src/platform/endpoints.ts';
import type { SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { eventually } from '../eventually.ts';
import { frozenTenant, openSite, type Site } from './site.ts';

export const calibrationPath = putCalibration.path;

/** Nothing waits for a limit of its own. */
export const unlimited = { LIMIT_CALIBRATION: '500/s', LIMIT_CALIBRATION_STATUS: '500/s' };

/** A site whose tenant limits nothing and has a running clock; reweights take half a second. */
export async function calibrationSite(options: SandboxOptions = {}): Promise<Site> {
  return await openSite(
    frozenTenant({
      clock: {},
      interactions: [],
      limits: { CALIBRATION: null, CALIBRATION_STATUS: null },
      cognigy: { reweightSeconds: 0.5 },
      ...options,
    }),
  );
}

export const customersText = 'Still waiting for my refund, as I said on the phone.';

/** A valid calibration whose only interaction is `id`. */
export function calibrationOf(id: string, changes: Partial<Calibration> = {}): Calibration {
  return {
    interactions: [{ interaction_id: id, text: customersText, emotion: 'frustration', confidence: 0.9 }],
    polarity_matrix: { negative: -0.6, neutral: 0, positive: 0.7 },
    alert_triggers: [{ emotion: 'anger', threshold: 0.85, directive: 'escalate' }],
    sensitivity_level: 0.6,
    trigger_model_reweight: false,
    ...changes,
  };
}

/** Requests a calibration, as `calibrate` does. @returns its payload */
export async function askForCalibration(
  app: App,
  calibration: Calibration,
  request: string = randomUUID(),
): Promise<CalibrationPayload> {
  const payload = { tenant: app.config.tenant.key, request, rollbackTo: null, by: 'ada' };
  const rules = { domainTerms: ['refund'], emotions: { frustration: 0.8 } };
  await app.calibrations.keepInput(request, { calibration, rules });
  await startRequest(app, calibrationSpec(payload), { by: 'ada' });
  return payload;
}

/** Follows requests to their end. @returns their states, with the code of an error */
export async function ends(app: App, ...requests: readonly { readonly request: string }[]): Promise<string[]> {
  const statuses = async () => await Promise.all(requests.map(({ request }) => calibrationStatus(app, request)));
  await eventually(
    async () => (await statuses()).every(({ state }) => state !== 'waiting' && state !== 'running'),
    120_000,
  );
  return (await statuses()).map(status => (status.state === 'failed' ? status.error.code : status.state));
}

/** The versions as `version state`. */
export async function versionsOf({ calibrations }: Pick<App, 'calibrations'>): Promise<string[]> {
  return (await calibrations.read()).log.calibrations.map(({ version, state }) => `${version} ${state}`);
}
