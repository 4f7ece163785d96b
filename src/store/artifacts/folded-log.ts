import type { z } from 'zod';
import { type Checkpoint, type CheckpointFile, openCheckpoints } from './checkpoints.ts';
import { besideLog } from './head-hint.ts';
import type { Log, LogFinding, Numbered, Position } from './log.ts';
import type { ArtifactStore } from './store.ts';

/** Computes a state from the entries of a log. */
export interface Fold<Entry, State> {
  /** The state of an empty log. */
  empty(): State;
  /** The state after `entry`. It may change `state` in place: a fold's state has one owner. */
  add(state: State, entry: Entry, number: number): State;
  /** How a checkpoint holds a state. */
  readonly shape: z.ZodType<State>;
}

/**
 * A log and the state that its entries add up to. Every `checkpointEvery` entries a reader writes the state beside the
 * log, with the hash of the entry that it reaches to; the next reader starts there. So the cost of reading depends on the
 * entries since the last checkpoint, not on the log's length, and the process keeps the state that it has read.
 *
 * A checkpoint that is damaged, or that does not belong to the log's entry, is ignored: it can be computed again. A
 * process drops the state that it has read if the log is shorter, or holds another entry there.
 *
 * Memory: one state. Disk: two checkpoints.
 */
export interface FoldedLog<Entry, State> {
  /** The current state, which the caller must not change, and the number of its entries. */
  read(): Promise<{ readonly state: State; readonly length: number }>;
  /**
   * The state after entry `number`, which must exist, computed from the newest checkpoint before it: for rare looks at
   * the past. The caller must not change it.
   */
  at(number: number): Promise<State>;
  /** Appends as `Log.append`. */
  append(after: number, entry: Entry): Promise<Numbered<Entry> | null>;
  /** Checks the log as `Log.verify`, and each checkpoint against the entries that it covers. */
  verify(): Promise<LogFinding[]>;
}

/** Large enough that checkpoints are rare, small enough that the entries can be read at once. */
const usualInterval = 256;

interface Reached<State> {
  readonly position: Position;
  readonly state: State;
}

export function foldLog<Entry, State>(
  store: ArtifactStore,
  folder: string,
  log: Log<Entry>,
  fold: Fold<Entry, State>,
  checkpointEvery = usualInterval,
): FoldedLog<Entry, State> {
  const checkpoints = openCheckpoints(store, besideLog(folder, 'checkpoints'), fold.shape);
  let known: Reached<State> | null = null;
  let turn: Promise<unknown> = Promise.resolve();

  /** Where a reader can start: the state in memory, or the newest checkpoint that belongs to the log. */
  async function start(head: Position): Promise<Reached<State> | null> {
    if (known !== null && known.position.number <= head.number && (await log.holds(known.position))) return known;
    known = null;
    const newest = head.number - (head.number % checkpointEvery);
    for (const number of [newest, newest - checkpointEvery]) {
      const found = number > 0 ? await checkpoints.read(number) : null;
      if (found !== null && (await log.holds(found.position))) return found;
    }
    return null;
  }

  async function read(): Promise<{ state: State; length: number }> {
    const head = await log.position();
    if (head === null) {
      known = null;
      return { state: fold.empty(), length: 0 };
    }
    const begin = await start(head);
    // The intermediate result of a failed fold must not be used as a state.
    known = null;
    let position = begin?.position ?? null;
    let state = begin?.state ?? fold.empty();
    for await (const { number, sha256, entry } of log.entries(position)) {
      state = fold.add(state, entry, number);
      position = { number, sha256 };
      if (number % checkpointEvery === 0) await checkpoints.write({ position, state }, checkpointEvery);
    }
    if (position === null) return { state, length: 0 };
    known = { position, state };
    return { state, length: position.number };
  }

  async function at(number: number): Promise<State> {
    const newest = number - (number % checkpointEvery);
    let begin: Checkpoint<State> | null = null;
    for (const place of [newest, newest - checkpointEvery]) {
      if (begin !== null || place <= 0) continue;
      const found: Checkpoint<State> | null = await checkpoints.read(place);
      if (found !== null && (await log.holds(found.position))) begin = found;
    }
    let state = begin?.state ?? fold.empty();
    if (begin?.position.number === number) return state;
    for await (const each of log.entries(begin?.position ?? null)) {
      state = fold.add(state, each.entry, each.number);
      if (each.number === number) break;
    }
    return state;
  }

  async function verifyCheckpoints(): Promise<LogFinding[]> {
    const files = await checkpoints.list();
    const findings = files.filter(file => file.found === null).map(damagedCheckpoint);
    const expected = new Map(files.flatMap(({ found }) => (found === null ? [] : [[found.position.number, found]])));
    let state = fold.empty();
    for await (const { number, sha256, entry } of log.entries()) {
      state = fold.add(state, entry, number);
      const found = expected.get(number);
      if (found === undefined) continue;
      const isRight = found.position.sha256 === sha256 && isSame(fold.shape, found.state, state);
      if (!isRight) findings.push({ where: checkpoints.key(number), what: 'it does not match the entries of the log' });
    }
    return findings;
  }

  return {
    /** One at a time, so that a state that is being changed has no other reader. */
    read() {
      const own = turn.then(read);
      turn = own.catch(() => undefined);
      return own;
    },
    at,
    append: (after, entry) => log.append(after, entry),
    async verify() {
      const findings = await log.verify();
      return findings.length > 0 ? findings : await verifyCheckpoints();
    },
  };
}

/** Whether two states are equal in JSON, ignoring the order of fields. */
function isSame<State>(shape: z.ZodType<State>, one: State, other: State): boolean {
  const written = (state: State) => JSON.stringify(shape.parse(JSON.parse(JSON.stringify(state))));
  return written(one) === written(other);
}

function damagedCheckpoint({ key }: CheckpointFile<unknown>): LogFinding {
  return { where: key, what: 'damaged: its content does not match its SHA-256. Remove it: it will be recreated' };
}
