import { z } from 'zod';
import { badInput, filledLines, jsonOf } from '../kernel/json-lines.ts';

/** A named piece of a text, in UTF-16 units, `end` exclusive. */
export interface Span {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** What a corpus knows of its texts: the entities of each. */
export type Annotations = ReadonlyMap<string, readonly Span[]>;

const line = z.object({
  text: z.string().min(1),
  entities: z.array(
    z.object({
      name: z.string().min(1),
      value: z.string(),
      start: z.number().int().min(0),
      end: z.number().int().min(0),
    }),
  ),
});

/**
 * Reads annotated texts for `startSandbox`, one `{text, entities: [{name, value, start, end}]}` a line, plain or
 * compressed (a name that ends in `.gz`). Of a text that is there twice the later line counts.
 *
 * @throws BAD_INPUT, with `FILE:LINE`, for a line of another shape and for an entity whose span is not its value, and
 *   with `FILE` for a file that cannot be read.
 */
export async function loadAnnotations(file: string): Promise<Annotations> {
  const annotations = new Map<string, readonly Span[]>();
  for await (const { text, place } of filledLines(file)) {
    const parsed = line.safeParse(jsonOf(text, place, 'one annotated text'));
    if (!parsed.success)
      throw badInput(
        place,
        `${parsed.error.issues.map(issue => `${issue.path.join('.')}: ${issue.message}`).join('; ')}. ` +
          'A line is {text, entities: [{name, value, start, end}]}.',
      );
    const { data } = parsed;
    const wrong = data.entities.findIndex(({ value, start, end }) => data.text.slice(start, end) !== value);
    if (wrong !== -1)
      throw badInput(
        place,
        `entities[${wrong}]: its span does not hold its value. Count in UTF-16 units, end exclusive.`,
      );
    annotations.set(
      data.text,
      data.entities.map(({ name, start, end }) => ({ name, start, end })),
    );
  }
  return annotations;
}
