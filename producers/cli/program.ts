import { Command } from 'commander';
import { version } from '../version.ts';
import { askForSandbox } from './environment.ts';

/** All commands, each in the file of its name, in the order in which help lists them. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  demo: async () => (await import('./demo.ts')).demoCommand(),
  up: async () => (await import('./up.ts')).upCommand(),
  worker: async () => (await import('./worker.ts')).workerCommand(),
  api: async () => (await import('./up.ts')).apiCommand(),
  sandbox: async () => (await import('./sandbox.ts')).sandboxCommand(),
  curate: async () => (await import('../curation/command.ts')).curateCommand(),
  dataset: async () => (await import('./dataset.ts')).datasetCommand(),
  tune: async () => (await import('../tuning/command.ts')).tuneCommand(),
  config: async () => (await import('../tuning/config-command.ts')).configCommand(),
  train: async () => (await import('../training/command.ts')).trainCommand(),
  models: async () => (await import('../training/models-command.ts')).modelsCommand(),
  schedule: async () => (await import('./schedule.ts')).scheduleCommand(),
  jobs: async () => (await import('./jobs.ts')).jobsCommand(),
  retention: async () => (await import('./retention.ts')).retentionCommand(),
  audit: async () => (await import('./audit.ts')).auditCommand(),
  tenant: async () => (await import('./tenant.ts')).tenantCommand(),
  doctor: async () => (await import('./doctor.ts')).doctorCommand(),
};

/**
 * The command line for `words`. Loading a command is slow, so only the requested one is loaded; without one, all are
 * loaded for help.
 */
export async function buildProgram(words: readonly string[]): Promise<Command> {
  const requested = words.find(word => Object.hasOwn(commands, word));
  const program = new Command('cxone-mlops')
    .version(version)
    .description('Machine-learning operations for NICE CXone / Cognigy.AI bots, as queue jobs');
  for (const [name, load] of Object.entries(commands))
    if (requested === undefined || name === requested) program.addCommand(await load());
  configure(program);
  return program;
}

/** These always use the sandbox, or run it. */
const withoutSandbox: readonly string[] = ['demo', 'sandbox'];

/** Commander exits by itself with 1; invalid input exits with 2, after open resources have been closed. */
function configure(command: Command): void {
  command.exitOverride().showHelpAfterError('(see --help)');
  if (command.commands.length === 0 && !withoutSandbox.includes(command.name()))
    command
      .option('--sandbox', 'Use a simulated platform instead of the configured one (tenant "sandbox")')
      .hook('preAction', (_, action) => {
        if (action.opts().sandbox === true) askForSandbox();
      });
  for (const each of command.commands) configure(each);
}
