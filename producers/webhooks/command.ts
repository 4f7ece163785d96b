import { Argument, Command, InvalidArgumentError } from 'commander';
import { proveAccess } from '../../jobs/flows/flow.ts';
import { openStored } from '../../src/app/stored.ts';
import { registerOnce, removeRegistration } from '../../src/app/webhook-registration.ts';
import { MlopsError } from '../../src/errors.ts';
import { registerWebhook, webhookEvents } from '../../src/platform/endpoints.ts';
import { config, withApp } from '../cli/environment.ts';
import { interruption } from '../cli/interrupt.ts';
import { printJson } from '../cli/json-result.ts';
import { grid, print, say } from '../cli/terminal.ts';
import { userName } from '../cli/user-name.ts';

interface Flags {
  readonly json?: boolean;
}

interface RegisterFlags extends Flags {
  readonly attach?: string;
  readonly resubmit?: boolean;
}

const removalNote =
  'its events are refused from now on. No documented call deletes a webhook on the platform: delete it there, or it goes on sending';

export function webhookCommand(): Command {
  const command = new Command('webhook');
  command
    .command('register')
    .description('Register a URL for the platform’s events, once; WEBHOOK_SECRET signs them')
    .addArgument(url())
    .option('--attach <id>', 'Its registration, whose answer was lost, exists on the platform under this id')
    .option('--resubmit', 'Its registration, whose answer was lost, does not exist on the platform: register it again')
    .option('--json', 'Print the result as JSON')
    .action(async (target: string, flags: RegisterFlags) => await register(target, flags));
  command
    .command('list')
    .description('List the webhooks that were registered from here')
    .option('--json', 'Print the result as JSON')
    .action(async ({ json }: Flags) => {
      const { registrations } = await openStored(config()).registrations.read();
      if (json === true)
        printJson({
          webhooks: registrations.map(({ number: _, ...each }) => ({ ...each, reason: each.reason?.message ?? null })),
        });
      else if (registrations.length === 0) print('no webhooks yet');
      else
        print(
          grid(
            ['url', 'state', 'since', 'by', 'id'],
            registrations.map(each => [each.url, each.state, each.since, each.by, each.id ?? '']),
          ),
        );
    });
  command
    .command('remove')
    .description('Forget a webhook and refuse its events; the platform keeps it')
    .addArgument(url())
    .option('--json', 'Print the result as JSON')
    .action(async (target: string, { json }: Flags) => {
      await removeRegistration(openStored(config()), target, userName());
      if (json === true) printJson({ url: target, removed: true, note: removalNote });
      else print(`removed: ${removalNote}`);
    });
  return command;
}

function url(): Argument {
  return new Argument('<url>', 'http or https URL that the platform can reach').argParser(text => {
    const isWeb = URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol);
    if (!isWeb) throw new InvalidArgumentError('It must be a URL that starts with http:// or https://.');
    if (text.includes('#')) throw new InvalidArgumentError('It must not have a fragment (#).');
    return new URL(text).href;
  });
}

async function register(target: string, { attach, resubmit, json }: RegisterFlags): Promise<void> {
  if (attach !== undefined && resubmit === true)
    throw new MlopsError('BAD_INPUT', '--attach and --resubmit cannot be combined', { field: 'resubmit' });
  const settings = config();
  const { secret } = settings.webhooks;
  if (secret === null)
    throw new MlopsError('BAD_CONFIG', 'WEBHOOK_SECRET is not set: the platform signs its events with it', {
      where: 'WEBHOOK_SECRET',
    });
  proveAccess(settings, registerWebhook);
  const signal = interruption();
  const recovery = attach !== undefined ? { attach } : resubmit === true ? 'resubmit' : 'none';
  await withApp('silent', async app => {
    const { cxone, audit } = await app.resources();
    const place = { registrations: app.registrations, audit, cxone };
    const request = { url: target, secret, by: userName(), recovery } as const;
    const { registration, existed } = await registerOnce(place, request, signal);
    if (json === true) printJson({ id: registration.id, url: target, events: [...webhookEvents] });
    else print(`registered ${target} for ${webhookEvents.join(' and ')}`);
    if (existed) say('it was registered already: nothing was sent');
  });
}
