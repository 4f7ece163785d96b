import { randomUUID } from 'node:crypto';
import { Command } from 'commander';
import { appliedVersion } from '../../jobs/calibrate-sentiment/place.ts';
import { failureOfWork } from '../../jobs/errors.ts';
import { calibration as flow } from '../../jobs/flows/calibration/flow.ts';
import {
  type CalibrationResult,
  calibrationResult,
  calibrationSpec,
  rollbackSpec,
} from '../../jobs/flows/calibration/request.ts';
import {
  type CalibrationProgress,
  calibrationOf,
  calibrationStatus,
  findCalibration,
} from '../../jobs/flows/calibration/status.ts';
import { proveAccess } from '../../jobs/flows/flow.ts';
import { startRequest } from '../../jobs/flows/start-request.ts';
import { watchRequest } from '../../jobs/flows/watch.ts';
import type { App } from '../../src/app/app.ts';
import { openStored } from '../../src/app/stored.ts';
import type { Config } from '../../src/config/config.ts';
import { bodyOf, canonicalBody } from '../../src/domain/sentiment/calibration-body.ts';
import { calibrationDifferenceTo } from '../../src/domain/sentiment/calibration-difference.ts';
import { lastApplied } from '../../src/domain/sentiment/calibration-log.ts';
import { MlopsError } from '../../src/errors.ts';
import type { JobSpec } from '../../src/runtime/job-spec.ts';
import type { CalibrationInput } from '../../src/store/calibrations/input.ts';
import { requestToken } from '../../src/store/requests/requests.ts';
import { config, ensureStore, withApp } from '../cli/environment.ts';
import { interruption } from '../cli/interrupt.ts';
import { printJson } from '../cli/json-result.ts';
import * as option from '../cli/options.ts';
import { print, progressLine, say } from '../cli/terminal.ts';
import { userName } from '../cli/user-name.ts';
import { bringWorkers, enqueueAndPrint } from '../cli/workers.ts';
import { readCalibrationFile, readRules, refuseUnverified } from './calibration-file.ts';
import { describeDifference, describeProgress, history, versionSummary } from './show.ts';

interface Flags {
  readonly json?: boolean;
  readonly wait?: boolean;
}

interface CalibrateOptions extends Flags {
  readonly file?: string;
  readonly verification?: string;
  readonly request?: string;
  readonly dryRun?: boolean;
}

export function calibrateCommand(): Command {
  const command = new Command('calibrate')
    // Options after `history` and `rollback` are theirs.
    .enablePositionalOptions()
    .option('--file <file>', 'Calibration: interactions, polarity matrix, alert triggers and sensitivity, as JSON')
    .option('--verification <file>', 'Domain terms and emotions that each interaction must have, as JSON')
    .option('--request <id>', 'Id of the request: running the command again with it is the same request', requestId)
    .option('--wait', 'Show progress until the calibration job has ended')
    .option('--dry-run', 'Verify the calibration and show what it would change; nothing is sent')
    .option('--json', 'Print the result as JSON')
    .action(async (options: CalibrateOptions) => await calibrate(options));
  command
    .command('history')
    .description('List versions with time, requester and outcome')
    .option('--json', 'Print the result as JSON')
    .action(async ({ json }: Flags) => {
      const { log } = await openStored(config()).calibrations.read();
      if (json === true) printJson({ versions: log.calibrations.map(versionSummary) });
      else print(log.calibrations.length === 0 ? 'no versions yet' : history(log));
    });
  command
    .command('rollback')
    .description('Apply the settings of an earlier version again, as a new version')
    .argument('<version>', 'Version number, as in calibrate history', option.wholeNumber)
    .option('--wait', 'Show progress until the calibration job has ended')
    .option('--json', 'Print the result as JSON')
    .action(async (version: number, flags: Flags) => await rollBack(version, flags));
  return command;
}

const requestId = (text: string) => option.checked(requestToken, text);

async function calibrate(options: CalibrateOptions): Promise<void> {
  const { file, verification, request = randomUUID(), dryRun = false } = options;
  if (file === undefined) throw new MlopsError('BAD_INPUT', 'specify the calibration with --file', { field: 'file' });
  const { calibration, notes } = await readCalibrationFile(file);
  const rules = await readRules(verification);
  for (const note of notes) say(note);
  refuseUnverified(calibration, rules, file);
  const settings = config();
  const input = { calibration, rules: { domainTerms: [...rules.domainTerms], emotions: { ...rules.emotions } } };
  if (dryRun) return await showDifference(settings, input, options);

  proveAccess(settings, flow);
  const stored = openStored(settings);
  await ensureStore(stored.store);
  await keepInput(stored, request, input);
  const spec = calibrationSpec({ tenant: settings.tenant.key, request, rollbackTo: null, by: userName() });
  await withApp('silent', async app => await start(app, spec, options));
}

/** @throws MlopsError BAD_INPUT if the request was made with another calibration */
async function keepInput(
  { calibrations }: Pick<App, 'calibrations'>,
  request: string,
  input: CalibrationInput,
): Promise<void> {
  const { own } = await findCalibration({ calibrations }, request);
  const body = own?.body ?? bodyOf((await calibrations.keepInput(request, input)).calibration);
  if (canonicalBody(body) === canonicalBody(bodyOf(input.calibration))) return;
  throw new MlopsError(
    'BAD_INPUT',
    `request ${request} was made with another calibration: leave --request out, or give another id`,
    { field: 'request' },
  );
}

async function showDifference(settings: Config, { calibration }: CalibrationInput, { json }: Flags): Promise<void> {
  const { log } = await openStored(settings).calibrations.read();
  const difference = calibrationDifferenceTo(lastApplied(log), bodyOf(calibration));
  if (json === true) return printJson({ dryRun: true, difference });
  print(describeDifference(difference));
  say('dry run: nothing was sent');
}

async function rollBack(version: number, flags: Flags): Promise<void> {
  const settings = config();
  proveAccess(settings, flow);
  appliedVersion((await openStored(settings).calibrations.read()).log, version);
  const spec = rollbackSpec(settings.tenant.key, version, userName());
  await withApp('silent', async app => await start(app, spec, flags));
}

async function start(app: App, spec: JobSpec, flags: Flags): Promise<void> {
  if (flags.wait !== true) return await enqueueAndPrint(app, spec, flags);
  const signal = interruption();
  // Problems that keep workers from starting are reported before anything is enqueued.
  await bringWorkers(app, flow.queues);
  await startRequest(app, spec, { by: userName() });
  await follow(app, spec, flags, signal);
}

/** A calibration that fails on the platform has a result, which `--json` prints, and is an error all the same. */
async function follow(app: App, spec: JobSpec, { json }: Flags, signal: AbortSignal): Promise<void> {
  const line = progressLine();
  const request = calibrationOf(spec.id);
  const watched = {
    status: async () => await calibrationStatus(app, request),
    show: (progress: CalibrationProgress) => line.show(describeProgress(progress)),
    failed: async (failure: Parameters<typeof failureOfWork>[0]) => failureOfWork(failure),
  };
  try {
    const result = await watchRequest(app, spec, watched, signal);
    line.end();
    if (json === true) printJson(result);
    else print(describeResult(result));
  } catch (error) {
    line.end();
    const { own } = await findCalibration(app, request);
    const result = own === null ? null : calibrationResult(own);
    if (json === true && result !== null) printJson(result);
    throw error;
  }
}

function describeResult({ version, calibrationJobId, calibration_latency_ms }: CalibrationResult): string {
  return `applied as version ${version} (calibration job ${calibrationJobId}, accepted after ${calibration_latency_ms} ms)`;
}
