import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../domain/audit/entry.ts';
import { sha256Of } from '../artifacts/sealed.ts';
import type { Audit } from './audit.ts';

const what = 'texts.read';

/** A look at customers' texts: who looked, and at what, without the texts. */
export interface Reading {
  readonly by: string;
  readonly details: JsonObject;
}

/** Records a look before the texts are handed out: those of a look that cannot be recorded are not. */
export async function recordReading(audit: Pick<Audit, 'append'>, { by, details }: Reading): Promise<void> {
  await audit.append([{ id: `texts-${randomUUID()}`, kind: 'action', what, by, details }]);
}

/** As `recordReading`, once for equal looks: a status is read again and again. */
export async function recordFirstReading(audit: Pick<Audit, 'appendOnce'>, { by, details }: Reading): Promise<void> {
  const id = `texts-${sha256Of(JSON.stringify([by, details])).slice(0, 32)}`;
  await audit.appendOnce({ id, kind: 'action', what, by, details });
}
