import { z } from 'zod';
import { registry } from '../../jobs/registry.ts';
import { errorTable } from './errors.ts';
import { withGenerated } from './generated-text.ts';
import { openQueueTable, queueTable } from './queues.ts';
import { envExample, settingTables } from './settings.ts';

/** A file that is generated from the code, whole or between markers. */
export interface GeneratedDocument {
  /** Relative to the root of the repository. */
  readonly path: string;
  /** The content that the file should have. @param now its content today; '' if it does not exist */
  render(now: string): string;
}

/** What `npm run docs` writes. A test compares the files with it. */
export const documents: readonly GeneratedDocument[] = [
  { path: '.env.example', render: envExample },
  { path: 'README.md', render: now => withGenerated(now, 'queues', queueTable()) },
  { path: 'docs/configuration.md', render: now => withGenerated(now, 'settings', settingTables()) },
  { path: 'docs/errors.md', render: now => withGenerated(now, 'errors', errorTable()) },
  { path: 'docs/producers.md', render: now => withGenerated(now, 'open queues', openQueueTable()) },
  ...registry.flatMap(({ name, open }) =>
    open === null ? [] : [{ path: `docs/schemas/${name}.json`, render: () => payloadSchema(name, open.payload) }],
  ),
];

/** The JSON Schema of what foreign producers may enqueue. */
function payloadSchema(name: string, payload: z.ZodType): string {
  return `${JSON.stringify({ title: name, ...z.toJSONSchema(payload, { io: 'input' }) }, null, 2)}\n`;
}
