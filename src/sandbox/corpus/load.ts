import { interaction } from '../../domain/interaction/interaction.ts';
import { faultOf, type StoredRecord } from '../interactions/record.ts';
import { badInput, filledLines, jsonOf } from '../kernel/json-lines.ts';

/**
 * Reads conversation logs, one interaction a line, plain or compressed (a name that ends in `.gz`), as a corpus for
 * `startSandbox`. Empty lines are skipped, and fields that we do not know are kept.
 *
 * @throws BAD_INPUT, with `FILE:LINE` and the field, for a line that is no interaction or repeats an id (also one of
 *   another file), and with `FILE` for one that cannot be read.
 */
export async function loadCorpus(files: readonly string[]): Promise<StoredRecord[]> {
  const records: StoredRecord[] = [];
  const places = new Map<string, string>();
  for (const file of files) {
    for await (const { text, place } of filledLines(file)) {
      const record = readRecord(text, place);
      const earlier = places.get(record.id);
      if (earlier !== undefined)
        throw badInput(place, `the id ${record.id} is at ${earlier} already. Remove one of the two lines.`);
      places.set(record.id, place);
      records.push(record);
    }
  }
  return records;
}

function readRecord(text: string, place: string): StoredRecord & { id: string } {
  const value = jsonOf(text, place, 'one interaction');
  const fault = faultOf(value);
  if (fault !== null)
    throw badInput(
      place,
      `${fault}. An interaction is {id, timestamp, botId, rating, messages: [{from, text, timestamp}]}.`,
    );
  const { id, timestamp } = interaction.parse(value);
  return { id, at: Date.parse(timestamp), json: text.trim() };
}
