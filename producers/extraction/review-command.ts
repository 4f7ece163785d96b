import { Command } from 'commander';
import { openStored } from '../../src/app/stored.ts';
import { exportReviews } from '../../src/store/audit/reviews.ts';
import { config } from '../cli/environment.ts';
import { printJson } from '../cli/json-result.ts';
import * as option from '../cli/options.ts';
import { say } from '../cli/terminal.ts';
import { userName } from '../cli/user-name.ts';

interface ReviewFlags {
  readonly out: string;
  readonly since?: string;
  readonly json?: boolean;
}

/** `extract review`: only the store is needed, because the audit log has the texts. */
export function reviewCommand(): Command {
  return new Command('review')
    .description('Export the extractions flagged for review, oldest first, as JSONL (writes customer text; audited)')
    .requiredOption('--out <file>', 'Output file; - for standard output')
    .option('--since <iso>', 'Only extractions at this time or later', option.since)
    .option('--json', 'Print the counts as JSON')
    .action(async ({ out, since, json }: ReviewFlags) => {
      const { audit } = openStored(config());
      const from = since === undefined ? null : Date.parse(since);
      const { reviews, erased } = await exportReviews(audit, out, { since: from }, userName());
      if (json === true) return printJson({ out, reviews, erased });
      const without = erased === 0 ? '' : `; ${erased.toLocaleString('en-US')} whose texts were erased are left out`;
      say(`${reviews.toLocaleString('en-US')} extractions → ${out}${without}`);
    });
}
