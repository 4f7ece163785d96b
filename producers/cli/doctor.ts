import { Command } from 'commander';
import { examine } from '../../src/operators/doctor/examine.ts';
import { config, environment } from './environment.ts';
import { exitCodes } from './exit.ts';
import { printJson } from './json-result.ts';
import { grid, print } from './terminal.ts';

export function doctorCommand(): Command {
  return new Command('doctor')
    .option('--json', 'Print the result as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const checks = await examine(config(), environment());
      if (json === true) printJson({ checks });
      else
        print(
          grid(
            ['', 'what', 'detail'],
            checks.map(({ state, what, detail }) => [state, what, detail]),
          ),
        );
      if (checks.some(check => check.state === 'bad')) process.exitCode = exitCodes.failed;
    });
}
