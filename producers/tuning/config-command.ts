import { Command } from 'commander';
import { proveAccess } from '../../jobs/flows/flow.ts';
import { appliedVersion, rollbackSpec } from '../../jobs/flows/tuning/request.ts';
import { watchJob } from '../../jobs/flows/watch.ts';
import { versionNotFound } from '../../jobs/push-config/errors.ts';
import { pushConfig } from '../../jobs/push-config/job.ts';
import { openStored } from '../../src/app/stored.ts';
import { livePush, type Push } from '../../src/domain/push/push.ts';
import { MlopsError } from '../../src/errors.ts';
import { putNlpConfig } from '../../src/platform/endpoints.ts';
import { config, withApp } from '../cli/environment.ts';
import { interruption } from '../cli/interrupt.ts';
import { printJson } from '../cli/json-result.ts';
import * as option from '../cli/options.ts';
import { grid, print, progressLine, table } from '../cli/terminal.ts';
import { userName } from '../cli/user-name.ts';
import { bringWorkers, enqueueAndPrint } from '../cli/workers.ts';

interface Flags {
  readonly json?: boolean;
}

export function configCommand(): Command {
  const command = new Command('config');
  command
    .command('history')
    .description('List versions with time, requester and outcome')
    .option('--json', 'Print the result as JSON')
    .action(async ({ json }: Flags) => {
      const pushes = await allPushes();
      if (json === true) printJson({ versions: pushes.map(summary) });
      else print(pushes.length === 0 ? 'no versions yet' : history(pushes));
    });
  command
    .command('show')
    .description('Show the thresholds of a version (default: the one in force)')
    .argument('[version]', 'Version number', option.wholeNumber)
    .option('--json', 'Print the result as JSON')
    .action(async (version: number | undefined, { json }: Flags) => {
      const push = find(await allPushes(), version);
      if (json === true) printJson({ ...summary(push), thresholds: push.thresholds });
      else print(describe(push));
    });
  command
    .command('rollback')
    .description('Push the thresholds of an earlier version again, as a new version')
    .argument('<version>', 'Version number, as in config history', option.wholeNumber)
    .option('--wait', 'Show progress until it is in force')
    .option('--json', 'Print the result as JSON')
    .action(async (version: number, flags: Flags & { wait?: boolean }) => await rollBack(version, flags));
  return command;
}

async function allPushes(): Promise<readonly Push[]> {
  return (await openStored(config()).pushes.read()).pushes;
}

/** @throws MlopsError VERSION_NOT_FOUND */
function find(pushes: readonly Push[], version: number | undefined): Push {
  const push = version === undefined ? livePush(pushes) : pushes.find(each => each.version === version);
  if (push !== undefined && push !== null) return push;
  throw new MlopsError(
    versionNotFound,
    version === undefined
      ? 'no version is in force: nothing was pushed yet'
      : `version ${version} not found. List versions with \`config history\``,
    { where: 'VERSION' },
  );
}

async function rollBack(version: number, flags: Flags & { readonly wait?: boolean }): Promise<void> {
  const settings = config();
  proveAccess(settings, putNlpConfig);
  const { state } = find(await allPushes(), version);
  if (state !== 'applied')
    throw new MlopsError(versionNotFound, `version ${version} was never in force (state: ${state})`, {
      where: 'VERSION',
    });
  const signal = interruption();
  const spec = rollbackSpec(settings.tenant.key, version, userName());
  await withApp('silent', async app => {
    if (flags.wait !== true) return await enqueueAndPrint(app, spec, flags);
    await bringWorkers(app, [pushConfig.name]);
    await app.queues.enqueue([spec], { restart: 'failed' });
    const line = progressLine();
    const show = () => line.show(`pushing the thresholds of version ${version}`);
    const made = await watchJob(app, spec, () => appliedVersion(app, spec.id), show, signal).finally(() => line.end());
    if (flags.json === true) printJson({ id: spec.id, queue: spec.queue, version: made, rolledBackTo: version });
    else print(`Rolled back to version ${version} (saved as version ${made})`);
  });
}

function summary({ version, at, by, source, state, since, reason, timesSent, thresholds }: Push) {
  return {
    version,
    at,
    by,
    source,
    state,
    since,
    timesSent,
    globalThreshold: thresholds.global,
    intents: thresholds.intents.length,
    ...(reason === null ? {} : { reason }),
  };
}

function history(pushes: readonly Push[]): string {
  const live = livePush(pushes);
  return grid(
    ['version', 'requested', 'by', 'from', 'state', 'intents', 'global'],
    pushes.map(push => [
      push.version,
      push.at,
      push.by,
      sourceOf(push),
      push === live ? 'in force' : (push.reason ?? push.state),
      push.thresholds.intents.length,
      push.thresholds.global.toFixed(3),
    ]),
  );
}

function sourceOf({ source }: Push): string {
  return source.kind === 'tuning' ? `tuning ${source.tuning}` : `version ${source.version}`;
}

function describe(push: Push): string {
  const { intents, global } = push.thresholds;
  return [
    table([
      ['version', String(push.version)],
      ['requested', `${push.at} by ${push.by}`],
      ['from', sourceOf(push)],
      ['state', `${push.state} since ${push.since}`],
      ['global threshold', global.toFixed(3)],
    ]),
    grid(
      ['intent', 'threshold', ''],
      intents.map(({ name, threshold, carried }) => [
        name,
        threshold.toFixed(3),
        carried === undefined ? '' : `kept from last push: ${carried}`,
      ]),
    ),
  ].join('\n');
}
