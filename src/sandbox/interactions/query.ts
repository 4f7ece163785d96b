import { instant } from '../../domain/interaction/interaction.ts';
import type { FieldError } from '../kernel/answer.ts';

/** A checked query of the interaction log. */
export interface LogQuery {
  readonly pageSize: number;
  /** 1-based. */
  readonly page: number;
  readonly order: 'desc' | 'asc';
  readonly returnCount: boolean;
  /** Only what is strictly newer, in milliseconds since the epoch; null for everything. */
  readonly after: number | null;
}

/** One parameter: its text to a value, or undefined when it is malformed. */
interface Parameter<T> {
  readonly absent: T;
  readonly expected: string;
  read(text: string): T | undefined;
}

const parameters = {
  pageSize: { absent: 25, expected: 'must be a whole number from 1 to 200', read: text => whole(text, 200) },
  page: { absent: 1, expected: 'must be a whole number from 1', read: text => whole(text, Number.MAX_SAFE_INTEGER) },
  sort: {
    absent: 'desc',
    expected: "must be 'timestamp desc' or 'timestamp asc'",
    read: text => (text === 'timestamp desc' ? 'desc' : text === 'timestamp asc' ? 'asc' : undefined),
  },
  returnCount: {
    absent: false,
    expected: 'must be true or false',
    read: text => (text === 'true' ? true : text === 'false' ? false : undefined),
  },
  filter: {
    absent: null,
    expected: "must be timestamp gt 'INSTANT', an instant such as 2023-10-05T14:22:10.000Z",
    read: readFilter,
  },
} satisfies {
  pageSize: Parameter<number>;
  page: Parameter<number>;
  sort: Parameter<'desc' | 'asc'>;
  returnCount: Parameter<boolean>;
  filter: Parameter<number | null>;
};

/** Reads a query strictly: an unknown, repeated or malformed parameter is an error, never a default. */
export function readLogQuery(query: URLSearchParams): LogQuery | readonly FieldError[] {
  const errors: FieldError[] = [...new Set(query.keys())]
    .filter(name => !Object.hasOwn(parameters, name))
    .map(name => ({ field: name, message: 'is not a parameter of this endpoint' }));

  const read = <T>(name: keyof typeof parameters, { absent, expected, read }: Parameter<T>): T => {
    const [text, ...more] = query.getAll(name);
    if (text === undefined) return absent;
    const value = more.length === 0 ? read(text) : undefined;
    if (value === undefined)
      errors.push({ field: name, message: more.length === 0 ? expected : 'is given more than once' });
    return value ?? absent;
  };
  const checked: LogQuery = {
    pageSize: read('pageSize', parameters.pageSize),
    page: read('page', parameters.page),
    order: read<'desc' | 'asc'>('sort', parameters.sort),
    returnCount: read('returnCount', parameters.returnCount),
    after: read<number | null>('filter', parameters.filter),
  };
  return errors.length === 0 ? checked : errors;
}

function whole(text: string, most: number): number | undefined {
  const value = /^[1-9]\d*$/.test(text) ? Number(text) : 0;
  return value >= 1 && value <= most ? value : undefined;
}

function readFilter(text: string): number | undefined {
  const iso = /^timestamp gt '([^']*)'$/.exec(text)?.[1];
  return iso !== undefined && instant.safeParse(iso).success ? Date.parse(iso) : undefined;
}
