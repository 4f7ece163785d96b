import { Command } from 'commander';
import { version } from '../version.ts';
import { commandLine } from './called-as.ts';
import { commands } from './commands.ts';
import { requireLast } from './required-options.ts';

/** The command line for `words`: of all commands, only the called one has its options, the others a description for help. */
export async function buildProgram(words: readonly string[]): Promise<Command> {
  const called = words.find(word => Object.hasOwn(commands, word));
  const program = new Command('cxone-mlops')
    .version(version)
    // Options belong to the command that they follow.
    .enablePositionalOptions()
    .description('Machine-learning operations for NICE CXone / Cognigy.AI bots, as queue jobs');
  for (const [name, { description, load }] of Object.entries(commands)) {
    const command = name === called ? await load() : new Command(name);
    program.addCommand(command.description(description));
  }
  configure(program);
  return program;
}

/** These always use the sandbox, are it, or contact no platform. */
const withoutSandbox: readonly string[] = ['demo', 'sandbox', 'setup'];

/** Commander exits by itself with 1; invalid input exits with 2, after open resources have been closed. */
function configure(command: Command, words: readonly string[] = []): void {
  command.exitOverride().showHelpAfterError(`(see ${commandLine([...words, '--help'].join(' '))})`);
  requireLast(command);
  const hasAction = command.commands.length === 0 || command.options.length > 0;
  if (hasAction && !withoutSandbox.includes(command.name()))
    command
      .option('--sandbox', 'Use a simulated platform instead of the configured one (tenant "sandbox")')
      .hook('preAction', async (_, action) => {
        if (action.optsWithGlobals().sandbox === true) (await import('./environment.ts')).requestSandbox();
      });
  for (const each of command.commands) configure(each, [...words, each.name()]);
}
