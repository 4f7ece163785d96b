import { MlopsError } from '../../errors.ts';

/**
 * Something wrong with what a user or the platform gave us. It never holds a customer's text: places are indexes and
 * paths, names are those of labels, fields and languages.
 */
export interface Problem {
  /** Stable, for programs: `imbalance`, `undefined-labels`. */
  readonly code: string;
  readonly message: string;
  /** How many things it concerns; the code says which. */
  readonly count: number;
  /** The first place: a path into the data (`utterances[17].text`), or a line's number. */
  readonly where?: string;
}

/** One error of all the problems, for input that cannot be used. The place is the first problem's. */
export function refusal(what: string, problems: readonly Problem[]): MlopsError {
  const where = problems.find(problem => problem.where !== undefined)?.where;
  return new MlopsError('BAD_INPUT', `${what}: ${problems.map(each => each.message).join('; ')}`, { where });
}

/** The first of many names or places, for a sentence: `a, b and 3 more`. */
export function listed(items: readonly string[], most = 10): string {
  const rest = items.length - most;
  return rest > 0 ? `${items.slice(0, most).join(', ')} and ${rest} more` : items.join(', ');
}

/**
 * A name as it appears in a sentence: quoted, so that an empty one and spaces show. What is too long for a name may be a
 * text in the wrong field, and is not shown.
 */
export function quoted(name: string): string {
  return name.length > 64 ? `(a name of ${name.length} characters)` : JSON.stringify(name);
}
