import { type AlertState, alertStates } from '../../domain/sentiment/alert.ts';
import type { AlertFilter } from '../../domain/sentiment/alert-filter.ts';
import type { ScoredAlert } from '../../domain/sentiment/score-counts.ts';

/** Where the log holds an alert: the number of the entry and the index of the record in it. */
export interface AlertPlace {
  readonly entry: number;
  readonly record: number;
}

/** What is known of an alert without reading it. */
export interface AlertRow extends AlertPlace {
  /** In ms since 1970. */
  readonly at: number;
  readonly emotion: string;
  readonly directive: string;
  /** The version of its calibration; 0 if it is unknown. */
  readonly calibration: number;
  readonly score: number | null;
}

const noScore = -1;
const leastRows = 1024;

/** The alerts of the log in columns, one row each in the order of the log: 43 bytes a row. */
export class AlertColumns {
  #size = 0;
  #at = new Float64Array(leastRows);
  #score = new Float64Array(leastRows);
  #entry = new Uint32Array(leastRows);
  #record = new Uint16Array(leastRows);
  #calibration = new Uint32Array(leastRows);
  #emotion = new Uint32Array(leastRows);
  #directive = new Uint32Array(leastRows);
  #state = new Uint8Array(leastRows);
  readonly #names: string[] = [];
  readonly #numberOfName = new Map<string, number>();

  get size(): number {
    return this.#size;
  }

  /** @returns its row */
  add({ at, emotion, directive, calibration, score, entry, record }: AlertRow): number {
    const row = this.#size;
    if (row === this.#at.length) this.#grow();
    this.#at[row] = at;
    this.#score[row] = score ?? noScore;
    this.#entry[row] = entry;
    this.#record[row] = record;
    this.#calibration[row] = calibration;
    this.#emotion[row] = this.#number(emotion);
    this.#directive[row] = this.#number(directive);
    this.#size += 1;
    return row;
  }

  /** The record at `place` holds the alert with its outcome. */
  close(row: number, state: AlertState, { entry, record }: AlertPlace): void {
    this.#state[row] = alertStates.indexOf(state);
    this.#entry[row] = entry;
    this.#record[row] = record;
  }

  placeOf(row: number): AlertPlace {
    return { entry: this.#entry[row] ?? 0, record: this.#record[row] ?? 0 };
  }

  *scores(): Generator<ScoredAlert> {
    for (let row = 0; row < this.#size; row += 1) {
      const score = this.#score[row] ?? noScore;
      const state = alertStates[this.#state[row] ?? 0] ?? 'open';
      yield {
        emotion: this.#names[this.#emotion[row] ?? 0] ?? '',
        directive: this.#names[this.#directive[row] ?? 0] ?? '',
        score: score === noScore ? null : score,
        closed: state === 'open' ? null : { outcome: state },
      };
    }
  }

  /**
   * The rows among which a page of the list is, in no particular order: of the alerts that match, all that were raised at
   * `latest` (ms), and the newest that were raised before: at least `count` if there are so many, and all of the instant
   * of the oldest of them.
   */
  pageRows(filter: AlertFilter, latest: number, count: number): number[] {
    const matching = this.#matching(filter, latest);
    const times = Float64Array.from(matching, row => this.#at[row] ?? 0).filter(at => at < latest);
    if (times.length <= count) return matching;
    const oldest = times.sort()[times.length - count] ?? 0;
    return matching.filter(row => (this.#at[row] ?? 0) >= oldest);
  }

  #matching({ state, emotion, directive, since, until, calibration }: AlertFilter, latest: number): number[] {
    const from = since === undefined ? Number.NEGATIVE_INFINITY : Date.parse(since);
    const before = until === undefined ? Number.POSITIVE_INFINITY : Date.parse(until);
    const [wantedEmotion, wantedDirective] = [this.#wanted(emotion), this.#wanted(directive)];
    const wantedState = state === undefined ? null : alertStates.indexOf(state);
    const rows: number[] = [];
    for (let row = 0; row < this.#size; row += 1) {
      const at = this.#at[row] ?? 0;
      if (at > latest || at < from || at >= before) continue;
      if (wantedState !== null && this.#state[row] !== wantedState) continue;
      if (wantedEmotion !== null && this.#emotion[row] !== wantedEmotion) continue;
      if (wantedDirective !== null && this.#directive[row] !== wantedDirective) continue;
      if (calibration !== undefined && this.#calibration[row] !== calibration) continue;
      rows.push(row);
    }
    return rows;
  }

  /** `null`: any; -1: a name that no alert has. */
  #wanted(name: string | undefined): number | null {
    return name === undefined ? null : (this.#numberOfName.get(name) ?? -1);
  }

  #number(name: string): number {
    const known = this.#numberOfName.get(name);
    if (known !== undefined) return known;
    this.#numberOfName.set(name, this.#names.length);
    return this.#names.push(name) - 1;
  }

  #grow(): void {
    const rows = this.#at.length * 2;
    this.#at = grown(this.#at, new Float64Array(rows));
    this.#score = grown(this.#score, new Float64Array(rows));
    this.#entry = grown(this.#entry, new Uint32Array(rows));
    this.#record = grown(this.#record, new Uint16Array(rows));
    this.#calibration = grown(this.#calibration, new Uint32Array(rows));
    this.#emotion = grown(this.#emotion, new Uint32Array(rows));
    this.#directive = grown(this.#directive, new Uint32Array(rows));
    this.#state = grown(this.#state, new Uint8Array(rows));
  }
}

function grown<Column extends { set(from: ArrayLike<number>): void }>(
  before: ArrayLike<number>,
  larger: Column,
): Column {
  larger.set(before);
  return larger;
}
