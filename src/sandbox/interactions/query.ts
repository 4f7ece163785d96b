import { instant } from '../../domain/interaction/interaction.ts';
import type { FieldError } from '../kernel/answer.ts';
import { type Parameter, StrictQuery, wholeNumber } from '../kernel/strict-query.ts';

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

const parameters = {
  pageSize: wholeNumber(25, 200),
  page: wholeNumber(1),
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
  const strict = new StrictQuery(query, Object.keys(parameters));
  const checked: LogQuery = {
    pageSize: strict.read('pageSize', parameters.pageSize),
    page: strict.read('page', parameters.page),
    order: strict.read<'desc' | 'asc'>('sort', parameters.sort),
    returnCount: strict.read('returnCount', parameters.returnCount),
    after: strict.read<number | null>('filter', parameters.filter),
  };
  return strict.errors.length === 0 ? checked : strict.errors;
}

function readFilter(text: string): number | undefined {
  const iso = /^timestamp gt '([^']*)'$/.exec(text)?.[1];
  return iso !== undefined && instant.safeParse(iso).success ? Date.parse(iso) : undefined;
}
