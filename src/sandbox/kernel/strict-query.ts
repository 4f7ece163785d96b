import type { FieldError } from './answer.ts';

/** One parameter of a query: its text to a value, or undefined when it is malformed. */
export interface Parameter<T> {
  /** What counts when it is not given. */
  readonly absent: T;
  /** What is said about a malformed one. */
  readonly expected: string;
  read(text: string): T | undefined;
}

/** Reads a query strictly: an unknown, repeated or malformed parameter is an error, never a default. */
export class StrictQuery {
  readonly errors: FieldError[];
  readonly #query: URLSearchParams;

  constructor(query: URLSearchParams, known: readonly string[]) {
    this.#query = query;
    this.errors = [...new Set(query.keys())]
      .filter(name => !known.includes(name))
      .map(name => ({ field: name, message: 'is not a parameter of this endpoint' }));
  }

  /** The parameter's value, or what counts when it is absent; what is wrong with it is added to `errors`. */
  read<T>(name: string, { absent, expected, read }: Parameter<T>): T {
    const [text, ...more] = this.#query.getAll(name);
    if (text === undefined) return absent;
    const value = more.length === 0 ? read(text) : undefined;
    if (value === undefined)
      this.errors.push({ field: name, message: more.length === 0 ? expected : 'is given more than once' });
    return value ?? absent;
  }
}

/** A whole number from 1 to `most`. */
export function wholeNumber(absent: number, most = Number.MAX_SAFE_INTEGER): Parameter<number> {
  return {
    absent,
    expected: `must be a whole number from 1${most === Number.MAX_SAFE_INTEGER ? '' : ` to ${most}`}`,
    read: text => {
      const value = /^[1-9]\d*$/.test(text) ? Number(text) : 0;
      return value >= 1 && value <= most ? value : undefined;
    },
  };
}
