/**
 * Whether the answers to a run's requests hold every row of its window. The log is read newest first while new rows
 * arrive, so a row's page moves, but its rank from the end does not: an answer to page p with `total` C covers the
 * ranks C − size·(p − 1) − 1 downwards; the oldest row has rank 0.
 */

/** A request for a page: in which pass (0: all pages at once, then only gaps; 1…: page after page), and which attempt. */
export interface PageRequest {
  readonly pass: number;
  readonly page: number;
  readonly attempt: number;
}

/** The part of an answer that coverage needs. */
export interface Answer extends PageRequest {
  /** When the request was sent, in ms: of two answers the later one is right. */
  readonly sentAt: number;
  /** Rows that the platform counted under the filter. */
  readonly total: number;
  /** Rows that it sent. */
  readonly rows: number;
  /** Rows at the answer's head that are newer than the window. */
  readonly newer: number;
  /** The ids of the others. */
  readonly ids: readonly string[];
}

export type Coverage =
  | { readonly kind: 'complete'; readonly counted: number; readonly erased: number }
  | { readonly kind: 'incomplete'; readonly requests: readonly PageRequest[] }
  | { readonly kind: 'unstable'; readonly counted: number; readonly found: number };

/** Walks of the whole window before it counts as unstable. */
const walks = 3;
/** A walk may take this many times the pages that its first answer announced. */
const longestWalk = 6;
/** Repeated requests in the first pass, beyond one for each page of the first answer, after which walking is faster. */
const furtherRequests = 12;

/** @param pageSize rows a full page holds */
export function coverage(answers: readonly Answer[], pageSize: number): Coverage {
  const pass = Math.max(0, ...answers.map(answer => answer.pass));
  const ofPass = answers.filter(answer => answer.pass === pass);
  return pass === 0 ? firstPass(ofPass, pageSize) : walk(ofPass, pass, pageSize);
}

function firstPass(answers: readonly Answer[], pageSize: number): Coverage {
  const unrequested = missingPages(answers, Math.max(...answers.map(answer => answer.total)), pageSize);
  if (unrequested.length > 0)
    return { kind: 'incomplete', requests: unrequested.map(page => ({ pass: 0, page, attempt: 1 })) };

  const again = (pages: readonly number[]): Coverage => {
    const requested = answers.filter(answer => answer.attempt > 1).length;
    // Pages that arrivals added since do not count: they may come faster than our requests.
    const pagesAtFirst = Math.ceil(Math.min(...answers.map(answer => answer.total)) / pageSize);
    if (requested + pages.length > pagesAtFirst + furtherRequests) return nextWalk(0);
    return {
      kind: 'incomplete',
      requests: pages.map(page => ({ pass: 0, page, attempt: timesRequested(answers, page) + 1 })),
    };
  };

  const latest = latestOf(answers);
  const boundary = boundaryOf(answers, pageSize);
  if (boundary === null) return again([edgePage(answers, latest, pageSize)]);
  // The total has moved since the window's edge was seen: by arrivals above it, or by rows within?
  if (boundary.answer !== latest && boundary.answer.total !== latest.total)
    return again([pageOfRank(boundary.count - 1, latest.total, pageSize)]);

  const gaps = uncoveredRanks(answers, boundary.count, pageSize);
  if (gaps.length > 0) return again(pagesOfRanks(gaps, latest.total, pageSize));
  return decide(answers, boundary) ?? nextWalk(0);
}

/**
 * In a walk each page is asked for after the one before it has come, so that arrivals can only repeat rows. Where they
 * come faster than pages do, its end runs away: such a walk is given up.
 */
function walk(answers: readonly Answer[], pass: number, pageSize: number): Coverage {
  const last = answers.reduce((a, b) => (b.page > a.page ? b : a));
  const first = answers.reduce((a, b) => (b.page < a.page ? b : a));
  const isRunningAway = last.page > longestWalk * Math.max(1, Math.ceil(first.total / pageSize)) + furtherRequests;
  if (last.page * pageSize < last.total && !isRunningAway)
    return { kind: 'incomplete', requests: [{ pass, page: last.page + 1, attempt: 1 }] };
  const boundary = boundaryOf(answers, pageSize);
  const decided = boundary === null ? null : decide(answers, boundary);
  if (decided !== null) return decided;
  return pass < walks
    ? nextWalk(pass)
    : { kind: 'unstable', counted: boundary?.count ?? last.total, found: distinctIds(answers) };
}

function nextWalk(pass: number): Coverage {
  return { kind: 'incomplete', requests: [{ pass: pass + 1, page: 1, attempt: 1 }] };
}

/**
 * Complete when there are as many ids as were ever counted in this pass; more than counted last means that rows were
 * erased after we had them. (The last count alone will not do: an erased row that we have would replace one that
 * moved from page to page and was never seen.)
 */
function decide(answers: readonly Answer[], { count: counted, most }: Boundary): Coverage | null {
  const found = distinctIds(answers);
  return found < most ? null : { kind: 'complete', counted, erased: found - counted };
}

function distinctIds(answers: readonly Answer[]): number {
  return new Set(answers.flatMap(answer => answer.ids)).size;
}

/** The pages of the first pass that no answer is to, when the answers counted at most `total` rows. */
export function missingPages(requested: readonly PageRequest[], total: number, pageSize: number): number[] {
  const pages = Math.max(1, Math.ceil(total / pageSize));
  const seen = new Set(requested.map(request => request.page));
  return Array.from({ length: pages }, (_, index) => index + 1).filter(page => !seen.has(page));
}

function timesRequested(answers: readonly Answer[], page: number): number {
  return Math.max(0, ...answers.filter(answer => answer.page === page).map(answer => answer.attempt));
}

function latestOf(answers: readonly Answer[]): Answer {
  return answers.reduce(later);
}

function later(a: Answer, b: Answer): Answer {
  return b.sentAt > a.sentAt ? b : a;
}

/** The rank just above an answer's first row. */
function topOf(answer: Answer, pageSize: number): number {
  return answer.total - pageSize * (answer.page - 1);
}

/** How many rows the window has by the latest answers that show its upper edge, and the most that any have shown. */
interface Boundary {
  readonly count: number;
  readonly most: number;
  readonly answer: Answer;
}

/**
 * How many rows the window has, by the latest answers that show its upper edge. An answer with rows of the window says
 * "at least", one with newer rows "at most"; where the two meet, in one answer or on the border of two pages, it is so.
 */
function boundaryOf(answers: readonly Answer[], pageSize: number): Boundary | null {
  const atLeast = new Map<number, Answer>();
  for (const answer of answers) {
    const top = topOf(answer, pageSize);
    const count = answer.newer < answer.rows ? top - answer.newer : top === answer.rows ? 0 : null;
    if (count !== null) atLeast.set(count, later(atLeast.get(count) ?? answer, answer));
  }
  let latest: Omit<Boundary, 'most'> | null = null;
  let most = 0;
  for (const answer of answers) {
    if (answer.page > 1 && answer.newer === 0) continue;
    const count = topOf(answer, pageSize) - answer.newer;
    const other = atLeast.get(count);
    if (other === undefined) continue;
    const older = other.sentAt < answer.sentAt ? other : answer;
    most = Math.max(most, count);
    if (latest === null || older.sentAt > latest.answer.sentAt) latest = { count, answer: older };
  }
  return latest === null ? null : { ...latest, most };
}

/** Where the window's upper edge is to be looked for: below the last rows known to be newer than it. */
function edgePage(answers: readonly Answer[], latest: Answer, pageSize: number): number {
  const newest = answers.filter(answer => answer.newer > 0).map(answer => topOf(answer, pageSize) - answer.newer);
  return pageOfRank(Math.min(latest.total, ...newest) - 1, latest.total, pageSize);
}

function pageOfRank(rank: number, total: number, pageSize: number): number {
  return Math.floor(Math.max(0, total - 1 - Math.max(0, rank)) / pageSize) + 1;
}

interface Ranks {
  readonly from: number;
  readonly to: number;
}

/** The ranks of 0 … count − 1 that no answer covers, as ranges from `from` up to `to`, both included. */
function uncoveredRanks(answers: readonly Answer[], count: number, pageSize: number): Ranks[] {
  const covered = answers
    .map(answer => {
      const top = topOf(answer, pageSize);
      return { from: top - answer.rows, to: top - answer.newer - 1 };
    })
    .sort((a, b) => a.from - b.from);
  const gaps: Ranks[] = [];
  let next = 0;
  for (const { from, to } of covered) {
    if (from > next) gaps.push({ from: next, to: Math.min(from, count) - 1 });
    next = Math.max(next, to + 1);
  }
  if (next < count) gaps.push({ from: next, to: count - 1 });
  return gaps.filter(gap => gap.from <= gap.to);
}

function pagesOfRanks(gaps: readonly Ranks[], total: number, pageSize: number): number[] {
  const pages = gaps.flatMap(({ from, to }) => {
    const first = pageOfRank(to, total, pageSize);
    const last = pageOfRank(from, total, pageSize);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
  return [...new Set(pages)];
}
