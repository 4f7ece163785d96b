import { randomUUID } from 'node:crypto';
import { Command, Option } from 'commander';
import { openStored, type Stored } from '../../src/app/stored.ts';
import { restored, rowCounts } from '../../src/domain/dataset/manifest.ts';
import { MlopsError } from '../../src/errors.ts';
import { recordReading } from '../../src/store/audit/readings.ts';
import { type ExportFormat, exportDataset, exportFormats } from '../../src/store/datasets/export.ts';
import { verifyDataset, verifyRuns } from '../../src/store/datasets/verify.ts';
import { commandLine } from './called-as.ts';
import { config } from './environment.ts';
import { exitCodes } from './exit.ts';
import { printJson } from './json-result.ts';
import * as option from './options.ts';
import { sayOtherTenants } from './other-tenants.ts';
import { showDataset } from './show-dataset.ts';
import { grid, print, say } from './terminal.ts';
import { userName } from './user-name.ts';

type Named = ReturnType<typeof option.datasetVersion>;

/** The stored part of the configured tenant: datasets are not in Redis. */
function stored(): Stored {
  return openStored(config());
}

export function datasetCommand(): Command {
  return new Command('dataset')
    .addCommand(listCommand())
    .addCommand(showDataset(stored))
    .addCommand(exportCommand())
    .addCommand(verifyCommand())
    .addCommand(restoreCommand());
}

function listCommand(): Command {
  return new Command('list')
    .description('List datasets')
    .option('--json', 'Print the result as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const settings = config();
      const all = openStored(settings).datasets;
      const rows = [];
      for (const name of await all.names()) {
        const head = await all.head(name);
        if (head !== null)
          rows.push({ dataset: name, version: head.number, ...rowCounts(head.entry), watermark: head.entry.watermark });
      }
      sayOtherTenants(settings);
      if (json === true) return printJson({ datasets: rows });
      if (rows.length === 0) return say(`no datasets yet: ${commandLine('curate --dataset NAME')} creates one`);
      print(
        grid(
          ['dataset', 'version', 'rows', 'removed', 'watermark'],
          rows.map(row => [row.dataset, row.version, row.kept, row.removed, row.watermark]),
        ),
      );
    });
}

interface ExportFlags {
  readonly out: string;
  readonly removed?: string;
  readonly format: ExportFormat;
  readonly split?: number;
  readonly seed: number;
  readonly json?: boolean;
}

function exportCommand(): Command {
  return new Command('export')
    .description('Write a dataset to a file')
    .argument('<name>', 'NAME or NAME@VERSION', option.datasetVersion)
    .requiredOption('--out <file>', 'Output file; - for standard output')
    .option('--removed <file>', 'Output file for removed near-duplicates')
    .addOption(new Option('--format <format>', 'Format of the files').choices([...exportFormats]).default('csv'))
    .option(
      '--split <share>',
      'Split the rows into FILE.train and FILE.test by interaction; this share goes to training',
      option.fraction,
    )
    .option('--seed <n>', 'Seed of the split', option.wholeNumber, 1)
    .option('--json', 'Print the result as JSON')
    .action(async (named: Named, { out, removed, format, split, seed, json }: ExportFlags) => {
      const cut = split === undefined ? undefined : { share: split, seed };
      const { datasets: all, audit } = stored();
      const { number: version } = await all.version(named.dataset, named.version);
      const details = { dataset: named.dataset, version, rows: removed === undefined ? 'kept' : 'kept and removed' };
      await recordReading(audit, { by: userName(), details });
      const exported = await exportDataset(all, { ...named, out, removed, format, split: cut });
      if (exported.alteredTexts > 0)
        say(
          `warning: ${exported.alteredTexts === 1 ? '1 text holds' : `${exported.alteredTexts} texts hold`} half a character (a lone surrogate), written as U+FFFD; --format jsonl keeps it`,
        );
      if (config().tenant.kind === 'sandbox') say('note: these rows come from the simulated tenant (sandbox)');
      if (json === true) return printJson({ dataset: named.dataset, ...exported });
      for (const { file, rows } of exported.files)
        say(`${rows.toLocaleString('en-US')} rows → ${file === '-' ? 'standard output' : file}`);
    });
}

function verifyCommand(): Command {
  return new Command('verify')
    .description('Verify every version and file of a dataset; exits 1 if one is damaged')
    .argument('<name>', 'Dataset name', option.dataset)
    .option('--json', 'Print the result as JSON')
    .action(async (name: string, { json }: { json?: boolean }) => {
      const { datasets: all, runs } = stored();
      const versions = (await all.numbers(name)).length;
      if (versions === 0) await all.version(name);
      const findings = [...(await verifyDataset(all, name)), ...(await verifyRuns(runs, name))];
      if (json === true) printJson({ dataset: name, versions, findings });
      else if (findings.length === 0) print(`${name}: ${versions} versions, none damaged`);
      else for (const { where, what } of findings) print(`${where}: ${what}`);
      if (findings.length > 0) process.exitCode = exitCodes.failed;
    });
}

function restoreCommand(): Command {
  return new Command('restore')
    .description('Make an earlier version current (adds a new version)')
    .argument('<name@version>', 'Version', option.datasetVersion)
    .option('--rewind', 'Restore its watermark too, so that later conversations are fetched again')
    .option('--json', 'Print the result as JSON')
    .action(async ({ dataset, version }: Named, { rewind, json }: { rewind?: boolean; json?: boolean }) => {
      if (version === undefined)
        throw new MlopsError('BAD_INPUT', 'dataset restore requires NAME@VERSION, such as demo@3');
      const { datasets: all, audit } = stored();
      const head = await all.version(dataset);
      const old = (await all.version(dataset, version)).entry;
      const change = {
        id: `dataset-restore-${dataset}-${randomUUID()}`,
        what: 'dataset.restore',
        by: userName(),
        details: { dataset, version, rewind: rewind === true, from: head.number },
      };
      await audit.intent(change);
      const made = await all.commit(head.number, restored(head.entry, old, version, rewind === true));
      await audit.outcome({ ...change, details: { ...change.details, made: made?.number ?? null } });
      if (made === null)
        throw new MlopsError(
          'STORE_CONTENDED',
          `a run committed to ${dataset} at the same time; nothing was restored. Check the new version, then retry`,
        );
      const { kept } = rowCounts(made.entry);
      if (json === true)
        return printJson({
          dataset,
          version: made.number,
          restored: version,
          rows: kept,
          watermark: made.entry.watermark,
        });
      print(
        `${dataset}@${made.number} is ${dataset}@${version} again: ${kept.toLocaleString('en-US')} rows, watermark ${made.entry.watermark}`,
      );
    });
}
