import { Command } from 'commander';
import type { Swept } from '../../src/store/retention/sweep.ts';
import { withApp } from './environment.ts';
import { printJson } from './json-result.ts';
import { grid, print } from './terminal.ts';
import { userName } from './user-name.ts';

export function retentionCommand(): Command {
  const command = new Command('retention');
  command
    .command('run')
    .description('Delete expired data now (workers do this hourly)')
    .option('--dry-run', 'Only list what would be deleted')
    .option('--json', 'Print the result as JSON')
    .action(async ({ dryRun, json }: { dryRun?: boolean; json?: boolean }) => {
      const isDryRun = dryRun === true;
      await withApp('silent', async app => {
        const swept = await app.retention.run({ isDryRun, by: userName() });
        if (json === true) printJson({ dryRun: isDryRun, swept });
        else print(table(swept, isDryRun));
      });
    });
  return command;
}

const words: Readonly<Record<Swept['kind'], string>> = {
  runs: 'runs: pages, turns and vectors',
  uploads: 'uploads',
  extractions: 'results of extractions',
  notes: 'records of requests',
  leftovers: 'leftovers of killed processes',
};

function table(swept: readonly Swept[], isDryRun: boolean): string {
  return grid(
    [isDryRun ? 'would delete' : 'deleted', 'count', 'files', 'bytes'],
    swept.map(({ kind, count, files, bytes }) => [words[kind], count, files, bytes]),
  );
}
