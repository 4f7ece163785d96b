import { type Answer, type Coverage, coverage, type PageRequest } from '../../../src/domain/interaction/coverage.ts';
import { pageName } from '../../../src/store/runs/runs.ts';

export interface Row {
  readonly id: string;
  readonly at: number;
}

/** Rows newer than this belong to the next run. */
export const upper = 1_000;

/** Orders rows of one timestamp: by id, or anew for each request. */
export type Ties = (rows: readonly Row[], request: number) => readonly Row[];

/** An interaction log as a run sees it through its filter: newest first, growing, losing and gaining rows. */
export class SimulatedLog {
  #rows: Row[];
  #named = 0;
  #requests = 0;
  readonly #ties: Ties;

  /** @param ages how much older than `upper` each row of the window is; @param newer how many rows are newer than it */
  constructor(ages: readonly number[], newer = 0, ties: Ties = rows => rows) {
    this.#ties = ties;
    this.#rows = ages.map(age => this.#row(upper - age));
    for (let count = 0; count < newer; count++) this.arrive();
  }

  get window(): Row[] {
    return this.#rows.filter(row => row.at <= upper);
  }

  arrive(): void {
    this.#rows.push(this.#row(upper + 1 + this.#named));
  }

  insert(age: number): void {
    this.#rows.push(this.#row(upper - age));
  }

  erase(row: Row | undefined): void {
    this.#rows = this.#rows.filter(each => each !== row);
  }

  page({ pass, page, attempt }: PageRequest, size: number): Omit<Answer, 'sentAt'> {
    this.#requests++;
    const sorted = this.#ties(
      [...this.#rows].sort((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1)),
      this.#requests,
    );
    const rows = sorted.slice((page - 1) * size, page * size);
    const newer = rows.findLastIndex(row => row.at > upper) + 1;
    const ids = rows.slice(newer).map(row => row.id);
    return { pass, page, attempt, total: sorted.length, rows: rows.length, newer, ids };
  }

  #row(at: number): Row {
    this.#named++;
    return { id: `row-${String(this.#named).padStart(4, '0')}`, at };
  }
}

interface Question {
  readonly request: PageRequest;
  sentAt: number | null;
  answer: Answer | null;
}

export interface Driven {
  readonly state: Coverage;
  readonly requests: readonly PageRequest[];
  /** The rows that any answer held. */
  readonly ids: ReadonlySet<string>;
}

export interface Course {
  readonly pageSize: number;
  /** Which of the questions under way moves on next, and so in what order they leave, are looked at and come back; in their order when used up. */
  readonly order?: readonly number[];
  /** Called before each answer is made. */
  readonly happen?: (log: SimulatedLog, request: number) => void;
}

/** No run of these tests needs as many. */
const mostAsks = 3_000;

/**
 * Asks as the jobs do: page 1 first, the others by its count, one more where an answer shows more, then whatever
 * coverage wants, each question once; until coverage is decided.
 */
export function drive(log: SimulatedLog, { pageSize, order = [], happen = () => undefined }: Course): Driven {
  const known = new Set<string>();
  const requests: PageRequest[] = [];
  const underway: Question[] = [];
  const answers: Answer[] = [];
  let clock = 0;
  let moves = 0;

  const wants = (request: PageRequest): void => {
    if (known.has(pageName(request))) return;
    known.add(pageName(request));
    requests.push(request);
    underway.push({ request, sentAt: null, answer: null });
  };
  const came = (answer: Answer): Coverage => {
    answers.push(answer);
    const pages = Math.ceil(answer.total / pageSize);
    if (answer.pass === 0 && requests.length === 1)
      for (let page = 2; page <= pages; page++) wants({ pass: 0, page, attempt: 1 });
    if (answer.pass === 0 && answer.page < pages) wants({ pass: 0, page: answer.page + 1, attempt: 1 });
    const state = coverage(answers, pageSize);
    if (state.kind === 'incomplete') state.requests.forEach(wants);
    return state;
  };

  wants({ pass: 0, page: 1, attempt: 1 });
  for (;;) {
    if (requests.length > mostAsks) throw new Error(`no end after ${mostAsks} questions`);
    const question = underway[(order[moves++] ?? 0) % underway.length];
    if (question === undefined) throw new Error('coverage is incomplete and requests nothing new');
    if (question.sentAt === null) question.sentAt = ++clock;
    else if (question.answer === null) {
      happen(log, ++clock);
      question.answer = { ...log.page(question.request, pageSize), sentAt: question.sentAt };
    } else {
      underway.splice(underway.indexOf(question), 1);
      const state = came(question.answer);
      if (state.kind !== 'incomplete') return { state, requests, ids: new Set(answers.flatMap(answer => answer.ids)) };
    }
  }
}
