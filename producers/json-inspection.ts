import { visit } from 'jsonc-parser';

/** A place in a text; both count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface JsonInspection {
  /** The first place that is not valid JSON (RFC 8259) or nested too deeply; `null` if none. */
  readonly error: Place | null;
  /** Number of repeated keys up to the error: `JSON.parse` keeps the last value and drops the others. */
  readonly repetitions: number;
  /** The first hundred of them. */
  readonly repeated: readonly RepeatedKey[];
}

export interface RepeatedKey {
  readonly key: string;
  readonly place: Place;
}

/** Maximum nesting of objects and lists: the parser is recursive and must not exhaust the stack. */
const deepest = 500;

const mostListed = 100;

/** What `JSON.parse` does not say about a text: the place of an error, and repeated keys. */
export function inspectJson(text: string): JsonInspection {
  const repeated: RepeatedKey[] = [];
  let repetitions = 0;
  /** The keys so far of each object (and list) that is open, innermost last. */
  const open: Set<string>[] = [];
  const onBegin = (...at: Position) => {
    if (open.push(new Set()) > deepest) throw new ErrorAt(placeOf(at));
  };
  const onEnd = () => {
    open.pop();
  };
  const visitor = {
    onObjectBegin: onBegin,
    onArrayBegin: onBegin,
    onObjectEnd: onEnd,
    onArrayEnd: onEnd,
    onObjectProperty: (key: string, ...at: Position) => {
      const keys = open.at(-1);
      const size = keys?.size;
      if (keys?.add(key).size !== size) return;
      repetitions += 1;
      if (repetitions <= mostListed) repeated.push({ key, place: placeOf(at) });
    },
    onError: (_code: number, ...at: Position) => {
      throw new ErrorAt(placeOf(at));
    },
  };
  try {
    visit(text, visitor, { disallowComments: true });
    return { error: null, repetitions, repeated };
  } catch (error) {
    if (!(error instanceof ErrorAt)) throw error;
    return { error: error.place, repetitions, repeated };
  }
}

/** As the parser gives it: lines and columns count from 0. */
type Position = [offset: number, length: number, line: number, column: number, ...unknown[]];

const placeOf = ([, , line, column]: Position): Place => ({ line: line + 1, column: column + 1 });

class ErrorAt extends Error {
  readonly place: Place;

  constructor(place: Place) {
    super(`error at ${place.line}:${place.column}`);
    this.place = place;
  }
}
