import { badInput, filledLines, jsonOf } from '../kernel/json-lines.ts';
import { type Intent, readIntent } from './intents.ts';

/**
 * Reads a list of intents for `startSandbox`, one `{id, name, archived?}` a line, plain or compressed (a name that ends
 * in `.gz`). Empty lines are skipped.
 *
 * @throws BAD_INPUT, with `FILE:LINE` and the field, for an invalid intent or a repeated id, and with `FILE` for
 *   a file that cannot be read.
 */
export async function loadIntents(file: string): Promise<Intent[]> {
  const intents: Intent[] = [];
  const places = new Map<string, string>();
  for await (const { text, place } of filledLines(file)) {
    const intent = readIntent(jsonOf(text, place, 'one intent'));
    if (typeof intent === 'string') throw badInput(place, `${intent}. An intent is {id, name, archived?}.`);
    const earlier = places.get(intent.id);
    if (earlier !== undefined)
      throw badInput(place, `the id ${intent.id} is at ${earlier} already. Remove one of the two lines.`);
    places.set(intent.id, place);
    intents.push(intent);
  }
  return intents;
}
