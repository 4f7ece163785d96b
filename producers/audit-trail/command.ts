import { Command, Option } from 'commander';
import { proveAccess } from '../../jobs/flows/flow.ts';
import type { App } from '../../src/app/app.ts';
import { isCoded, MlopsError } from '../../src/errors.ts';
import { readAuditTrail } from '../../src/platform/endpoints.ts';
import { openTrailFile, type TrailFormat, trailFormats } from '../../src/store/audit-trail/trail-file.ts';
import { config, withApp } from '../cli/environment.ts';
import { interruption } from '../cli/interrupt.ts';
import { printJson } from '../cli/json-result.ts';
import { print, progressLine, say } from '../cli/terminal.ts';
import { followTrail, type TrailSink } from './follow-trail.ts';

interface Flags {
  readonly out?: string;
  readonly format?: TrailFormat;
  readonly restart?: boolean;
  readonly json?: boolean;
}

export function auditTrailCommand(): Command {
  return new Command('audit-trail')
    .option('--out <file>', 'Output file, replaced when the export is complete (default: standard output)')
    .addOption(new Option('--format <format>', 'Format of the file (default: jsonl)').choices(trailFormats))
    .option('--restart', 'Begin at the first page instead of where an interrupted export stopped')
    .option('--json', 'Print the counts as JSON')
    .action(async (flags: Flags) => await exportTrail(flags));
}

async function exportTrail({ out, format = 'jsonl', restart = false, json = false }: Flags): Promise<void> {
  proveAccess(config(), readAuditTrail);
  if (out === undefined && format === 'csv')
    throw new MlopsError('BAD_INPUT', 'csv requires --out: its columns are known at the end', { field: 'format' });
  const signal = interruption();
  await withApp('silent', async app => {
    const counts =
      out === undefined
        ? await toOutput(app, json, signal)
        : await toFile(app, out, { format, restarts: restart }, signal);
    if (json) printJson({ ...counts, out: out ?? null });
    else
      say(
        `${counts.events.toLocaleString('en-US')} events on ${counts.pages.toLocaleString('en-US')} pages${out === undefined ? '' : ` → ${out}`}`,
      );
  });
}

interface Counts {
  readonly events: number;
  readonly pages: number;
}

async function toFile(
  app: App,
  out: string,
  { format, restarts }: { readonly format: TrailFormat; readonly restarts: boolean },
  signal: AbortSignal,
): Promise<Counts> {
  const file = await openTrailFile(out, sourceOf(app), restarts);
  if (file.reached.pages > 0) say(`continuing after page ${file.reached.pages} of an interrupted export`);
  const line = progressLine();
  const sink: TrailSink = {
    get reached() {
      return file.reached;
    },
    cursors: file.cursors,
    async add(events, next) {
      await file.add(events, next);
      line.show(`${file.reached.events.toLocaleString('en-US')} events`);
    },
  };
  try {
    const isComplete = file.reached.pages > 0 && file.reached.next === null;
    if (!isComplete) await followTrail((await app.platform()).cxone, sink, signal);
  } catch (error) {
    line.end();
    if (isCoded(error, 'AUDIT_TRAIL_LOOPS')) await file.discard();
    else await file.close();
    throw error;
  }
  line.end();
  const { events, pages } = file.reached;
  await file.finish(format);
  return { events, pages };
}

async function toOutput(app: App, isQuiet: boolean, signal: AbortSignal): Promise<Counts> {
  const cursors = new Set<string>();
  let reached = { pages: 0, events: 0, next: null as string | null };
  await followTrail(
    (await app.platform()).cxone,
    {
      get reached() {
        return reached;
      },
      cursors,
      async add(events, next) {
        if (!isQuiet) for (const event of events) print(JSON.stringify(event));
        reached = { pages: reached.pages + 1, events: reached.events + events.length, next };
        if (next !== null) cursors.add(next);
      },
    },
    signal,
  );
  return reached;
}

/** An interrupted export of another platform, or another tenant, is not continued. */
function sourceOf({ config: { tenant, services } }: App): string {
  const { cognigy } = services;
  return JSON.stringify([tenant.key, 'baseUrl' in cognigy ? cognigy.baseUrl : 'sandbox']);
}
