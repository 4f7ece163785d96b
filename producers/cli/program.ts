import { Command } from 'commander';
import { version } from '../version.ts';
import { auditCommand } from './audit.ts';
import { configCommand } from './config.ts';
import { curateCommand } from './curate.ts';
import { datasetCommand } from './dataset.ts';
import { demoCommand } from './demo.ts';
import { doctorCommand } from './doctor.ts';
import { jobsCommand } from './jobs.ts';
import { modelsCommand } from './models.ts';
import { retentionCommand } from './retention.ts';
import { sandboxCommand } from './sandbox.ts';
import { scheduleCommand } from './schedule.ts';
import { trainCommand } from './train.ts';
import { tuneCommand } from './tune.ts';
import { apiCommand, upCommand } from './up.ts';
import { workerCommand } from './worker.ts';

/** The whole command line. Each command stands in the file of its name. */
export function buildProgram(): Command {
  const program = new Command('cxone-mlops')
    .version(version)
    .description('Machine-learning operations for NICE CXone / Cognigy.AI bots, as queue jobs')
    .addCommand(demoCommand())
    .addCommand(upCommand())
    .addCommand(workerCommand())
    .addCommand(apiCommand())
    .addCommand(sandboxCommand())
    .addCommand(curateCommand())
    .addCommand(datasetCommand())
    .addCommand(tuneCommand())
    .addCommand(configCommand())
    .addCommand(trainCommand())
    .addCommand(modelsCommand())
    .addCommand(scheduleCommand())
    .addCommand(jobsCommand())
    .addCommand(retentionCommand())
    .addCommand(auditCommand())
    .addCommand(doctorCommand());
  configure(program);
  return program;
}

/** Commander exits by itself with 1; wrong input is to end with 2, after what is open has been closed. */
function configure(command: Command): void {
  command.exitOverride().showHelpAfterError('(see --help)');
  for (const each of command.commands) configure(each);
}
