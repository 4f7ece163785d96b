import { z } from 'zod';
import { listed, type Problem, quoted } from './problem.ts';

/** ISO 639-1. The language of an utterance that names none. */
export const defaultLanguage = 'en';

const missingOr = (wrong: string) => (issue: { readonly input?: unknown }) =>
  issue.input === undefined ? 'is missing' : wrong;
const text = z.string({ error: missingOr('must be a text') });
const name = text.min(1, 'must not be empty');
const listOf = <Item extends z.ZodType>(item: Item) => z.array(item, { error: missingOr('must be a list') });

/** An example of a label: what a customer may write, and the id of the label that it should get. */
export const utterance = z.object(
  { text, label: text, language: name.default(defaultLanguage) },
  { error: missingOr('must be an object') },
);
export type Utterance = z.infer<typeof utterance>;

/** A label that utterances may have. Utterances name it by its id. */
export const labelDefinition = z.object(
  { id: name, name: text, description: text.default('') },
  { error: missingOr('must be an object') },
);

/** What a skill is trained on. Texts are taken as they are, also with spaces around them. */
export const trainingData = z.object(
  { utterances: listOf(utterance), labels: listOf(labelDefinition) },
  { error: missingOr('must be an object') },
);
export type TrainingData = z.infer<typeof trainingData>;

/** What `parseTrainingData` read, or what keeps it from reading. */
export type ParsedTrainingData =
  | { readonly ok: true; readonly data: TrainingData; readonly warnings: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const mostShown = 20;

/**
 * Reads `{utterances: [{text, label, language?}], labels: [{id, name, description?}]}`. Problems name the path of each
 * wrong field (the first 20, then how many more) and never its value. Fields that we do not know are left out, with a
 * warning: a misspelt `language` would otherwise pass unseen.
 */
export function parseTrainingData(json: unknown): ParsedTrainingData {
  const parsed = trainingData.safeParse(json);
  if (parsed.success) return { ok: true, data: parsed.data, warnings: unknownFields(json) };
  const { issues } = parsed.error;
  const problems = issues.slice(0, mostShown).map((issue): Problem => {
    const where = z.core.toDotPath(issue.path) || '(whole)';
    return { code: 'wrong-field', message: `${where}: ${issue.message}`, count: 1, where };
  });
  const more = issues.length - problems.length;
  if (more > 0) problems.push({ code: 'wrong-field', message: `${more} more fields are wrong`, count: more });
  return { ok: false, problems };
}

const anyFields = z.looseObject({
  utterances: z.array(z.looseObject({})),
  labels: z.array(z.looseObject({})),
});

function unknownFields(json: unknown): Problem[] {
  const parsed = anyFields.safeParse(json);
  if (!parsed.success) return [];
  const counts = new Map<string, number>();
  const look = (place: string, fields: object, known: object) => {
    for (const field of Object.keys(fields)) {
      if (Object.hasOwn(known, field)) continue;
      const path = `${place}${quoted(field)}`;
      counts.set(path, (counts.get(path) ?? 0) + 1);
    }
  };
  look('', parsed.data, trainingData.shape);
  for (const each of parsed.data.utterances) look('utterances: ', each, utterance.shape);
  for (const each of parsed.data.labels) look('labels: ', each, labelDefinition.shape);
  if (counts.size === 0) return [];
  const count = [...counts.values()].reduce((sum, each) => sum + each, 0);
  const fields = [...counts].map(([path, times]) => `${path} (${times})`);
  return [{ code: 'unknown-fields', message: `fields that are not known are left out: ${listed(fields)}`, count }];
}
