import { z } from 'zod';
import { instant } from '../../domain/interaction/interaction.ts';
import type { StoredRecord } from '../interactions/record.ts';
import { filledBytes, jsonOf } from '../kernel/json-lines.ts';

const placed = z.looseObject({ timestamp: instant });

/**
 * Reads records for `startSandbox` that are served byte for byte, one a line, plain or compressed (a name that ends in
 * `.gz`): also what is no interaction, repeats an id or is not UTF-8. A record without a valid `timestamp` stands where
 * the one before it does; before the first that has one, at 1970.
 *
 * @throws BAD_INPUT, with `FILE:LINE` for a line that is not JSON, since it would spoil its whole page, and with `FILE`
 *   for one that cannot be read.
 */
export async function loadVerbatim(files: readonly string[]): Promise<StoredRecord[]> {
  const records: StoredRecord[] = [];
  let at = 0;
  for (const file of files)
    for await (const { bytes, place } of filledBytes(file)) {
      const json = new TextDecoder().decode(bytes);
      const value = placed.safeParse(jsonOf(json, place, 'one record'));
      at = value.success ? Date.parse(value.data.timestamp) : at;
      records.push({ id: null, at, json, bytes });
    }
  return records;
}
