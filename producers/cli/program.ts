import { Command } from 'commander';
import { curateCommand } from './curate.ts';

/** The command line, as DESIGN of the surface: every command in its own file. */
export function buildProgram(): Command {
  const program = new Command('cxone-mlops')
    .description('Machine-learning operations for NICE CXone / Cognigy.AI bots, as queue jobs')
    .addCommand(curateCommand());
  for (const command of [program, ...program.commands]) command.exitOverride().showHelpAfterError('(see --help)');
  return program;
}
