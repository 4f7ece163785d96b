import type { Label, Samples } from '../../domain/roc/samples.ts';
import type { MlopsError } from '../../errors.ts';
import { badExport, shown } from './bad-export.ts';
import { Block, longestRecord } from './block.ts';
import { parseNumber, parseShortNumber } from './confidence.ts';
import { CsvRecord, unread } from './csv-record.ts';
import { type Columns, columnsOf } from './header.ts';
import { IntentKeys } from './intent-keys.ts';

const mostIntents = 100_000;
const longestId = 1000;
const zero = 0x30;
const one = 0x31;

/**
 * Reads a cross-validation export, CSV in UTF-8, as its bytes arrive: columns `intent_id`, `actual_label` (0 or 1) and
 * `predicted_confidence` (from 0 to 1) in any order, among others. It holds 256 KB of it, up to 1 MiB if a record is
 * that long. It throws BAD_INPUT with the first place in the file that is wrong.
 */
export class ExportParser {
  readonly #file: string;
  readonly #samples: Samples | undefined;
  readonly #intents: IntentKeys;
  readonly #block = new Block();
  readonly #record = new CsvRecord();
  #columns: Columns | undefined;
  #isAtStart = true;
  #rows = 0;

  /**
   * @param file the name to use in errors
   * @param samples takes the rows; without it the file is checked only
   */
  constructor(file: string, samples?: Samples) {
    this.#file = file;
    this.#samples = samples;
    let seen = 0;
    this.#intents = new IntentKeys(id => (samples === undefined ? seen++ : samples.intent(id)));
  }

  get rows(): number {
    return this.#rows;
  }

  /** The line that the bytes so far have reached. */
  get line(): number {
    return this.#block.placeOf(this.#block.length).line;
  }

  push(chunk: Uint8Array): void {
    for (let from = 0; from < chunk.length; ) {
      from += this.#block.fill(chunk, from);
      if (this.#block.isFull) this.flush();
    }
  }

  end(): void {
    this.#read(true);
    if (this.#columns === undefined) throw this.#bad(undefined, 'the file is empty. Export the predictions again');
    if (this.#rows === 0) throw this.#bad(undefined, 'the file has a header but no rows. Export the predictions again');
  }

  /** Reads the records that are complete. */
  flush(): void {
    this.#read(false);
    if (this.#block.isFull && !this.#block.grow()) throw this.#tooLong();
  }

  #read(isLast: boolean): void {
    const { bytes, length } = this.#block;
    if (this.#isAtStart && (length >= 3 || isLast)) this.#startFile();
    const notUtf8At = this.#block.notUtf8At(isLast);
    const end = notUtf8At ?? this.#block.length;
    let at = 0;
    let lines = 0;
    while (at < end) {
      const next = this.#record.read(bytes, at, end, isLast && notUtf8At === undefined);
      if (next < 0) {
        if (next === unread.unclosed || next === unread.behindQuote) throw this.#badQuote(next);
        break;
      }
      this.#take(bytes);
      lines += this.#record.isQuoted ? linesIn(bytes, at, next) : 1;
      at = next;
    }
    if (notUtf8At !== undefined)
      throw this.#bad(notUtf8At, 'the file is not UTF-8. Save the file as UTF-8, in a spreadsheet as “CSV UTF-8”');
    this.#block.drop(at, lines);
  }

  #startFile(): void {
    const [first, second, third] = this.#block.bytes.subarray(0, this.#block.length);
    if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
      throw this.#bad(undefined, 'the file is UTF-16. Save it as UTF-8, in a spreadsheet as “CSV UTF-8”');
    if (first === 0xef && second === 0xbb && third === 0xbf) this.#block.drop(3, 0);
    this.#isAtStart = false;
  }

  #take(bytes: Uint8Array): void {
    if (this.#record.isEmpty) return;
    if (this.#columns === undefined) this.#columns = this.#readHeader(bytes);
    else this.#takeRow(bytes, this.#columns);
  }

  #readHeader(bytes: Uint8Array): Columns {
    const record = this.#record;
    const names = Array.from({ length: record.count }, (_, field) => record.text(bytes, field));
    if (names.some(name => name.includes('\r')))
      throw this.#bad(record.start(0), 'lines end with a carriage return alone. Save the file with line feeds');
    return columnsOf(names, this.#file, column => this.#block.placeOf(record.outerStart(column)));
  }

  #takeRow(bytes: Uint8Array, columns: Columns): void {
    const record = this.#record;
    if (record.count !== columns.count) throw this.#ragged(columns.count);
    const label = this.#labelIn(bytes, columns.label);
    const confidence = this.#confidenceIn(bytes, columns.confidence);
    const intent = this.#intentIn(bytes, columns.intentId);
    this.#samples?.add(intent, label, confidence);
    this.#rows++;
  }

  #labelIn(bytes: Uint8Array, field: number): Label {
    const start = this.#record.start(field);
    if (this.#record.end(field) === start + 1) {
      if (bytes[start] === zero) return 0;
      if (bytes[start] === one) return 1;
    }
    const cell = shown(this.#record.text(bytes, field));
    throw this.#badField(field, `actual_label${cell || ' is something else'}; it must be 0 or 1`);
  }

  #confidenceIn(bytes: Uint8Array, field: number): number {
    const [start, end] = [this.#record.start(field), this.#record.end(field)];
    const short = parseShortNumber(bytes, start, end);
    if (short >= 0 && short <= 1) return short;
    const confidence = parseNumber(bytes, start, end);
    // Adding 0 turns -0 into 0.
    if (confidence >= 0 && confidence <= 1) return confidence + 0;
    const cell = shown(this.#record.text(bytes, field));
    if (!Number.isFinite(confidence))
      throw this.#badField(
        field,
        `predicted_confidence${cell || ' is not a number'}; it must be a number from 0 to 1${notationAdvice(cell)}`,
      );
    throw this.#badField(
      field,
      `predicted_confidence${cell || ' is outside of that'}; it must be from 0 to 1${adviceFor(confidence)}`,
    );
  }

  #intentIn(bytes: Uint8Array, field: number): number {
    const record = this.#record;
    const [start, end] = [record.start(field), record.end(field)];
    if (start === end) throw this.#badField(field, 'intent_id is empty. Each row needs the intent that was predicted');
    if (end - start > longestId)
      throw this.#badField(field, `intent_id has more than ${longestId} bytes. Is this the column of the ids?`);
    const before = this.#intents.count;
    const intent = record.hasDoubledQuotes(field)
      ? this.#findText(record.text(bytes, field))
      : this.#intents.find(bytes, start, end);
    if (intent >= mostIntents && this.#intents.count > before)
      throw this.#badField(
        field,
        `more than ${mostIntents} different values of intent_id. Is this the column of the ids?`,
      );
    return intent;
  }

  #findText(id: string): number {
    const bytes = Buffer.from(id);
    return this.#intents.find(new Uint8Array(bytes), 0, bytes.length);
  }

  #ragged(expected: number): MlopsError {
    const { count } = this.#record;
    const at = count > expected ? this.#record.outerStart(expected) : this.#record.end(count - 1);
    const fields = count === 1 ? '1 field' : `${count} fields`;
    return this.#bad(
      at,
      `the line has ${fields}, the header has ${expected}. Put fields that hold commas or line ends in quotes`,
    );
  }

  #badQuote(why: number): MlopsError {
    const trouble =
      why === unread.unclosed
        ? 'a quote opens here that is never closed. Close it, and double any quotes inside the field'
        : 'there is text after a closing quote. Double any quotes inside a quoted field';
    return this.#bad(this.#record.troubleAt, trouble);
  }

  #tooLong(): MlopsError {
    const why = this.#record.read(this.#block.bytes, 0, this.#block.length, false);
    return why === unread.goesOnQuoted
      ? this.#bad(
          this.#record.troubleAt,
          `a quote opens here that is not closed within ${longestRecord} bytes. Close it`,
        )
      : this.#bad(0, `the line has more than ${longestRecord} bytes. Is this a CSV file?`);
  }

  #badField(field: number, trouble: string): MlopsError {
    return this.#bad(this.#record.outerStart(field), trouble);
  }

  #bad(at: number | undefined, trouble: string): MlopsError {
    return badExport(this.#file, at === undefined ? undefined : this.#block.placeOf(at), trouble);
  }
}

/** What to do with a confidence outside 0..1: a rounding error just outside is not a percentage. */
function adviceFor(confidence: number): string {
  if (confidence > -0.001 && confidence < 1.001) return `. Round it to ${confidence > 1 ? 1 : 0}`;
  return confidence >= 1.5 && confidence <= 100 ? '. Divide percentages by 100' : '';
}

function linesIn(bytes: Uint8Array, start: number, end: number): number {
  let lines = 0;
  for (let at = start; at < end; at++) if (bytes[at] === 0x0a) lines++;
  return lines;
}

/** @param cell as `shown` gives it */
function notationAdvice(cell: string): string {
  if (cell.endsWith('%')) return '. Divide percentages by 100, and leave out the sign';
  return cell.includes(',') ? '. Write decimals with a point' : '';
}
