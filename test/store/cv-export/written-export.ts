import { Readable } from 'node:stream';
import type { Samples } from '../../../src/domain/roc/samples.ts';
import { readExport } from '../../../src/store/cv-export/read-export.ts';

export const header = 'intent_id,actual_label,predicted_confidence\n';

/** The bytes in pieces of these lengths, over and over; whole where there are none. */
export function inPieces(bytes: Uint8Array, lengths: readonly number[] = []): Readable {
  function* pieces(): Generator<Uint8Array> {
    for (let at = 0, piece = 0; at < bytes.length; piece++) {
      const length = lengths.length === 0 ? bytes.length : (lengths[piece % lengths.length] ?? 1);
      yield bytes.subarray(at, at + length);
      at += length;
    }
  }
  return Readable.from(pieces());
}

export const read = (text: string | Uint8Array, lengths?: readonly number[]) =>
  readExport(inPieces(Buffer.from(text), lengths), 'cv.csv');

/** The rows that samples hold. */
export function rowsIn(samples: Samples) {
  return [...samples.chunks()].flatMap(({ classes, scores }) =>
    Array.from(classes, (row, at) => ({
      intentId: samples.intentIds[row >> 1],
      label: row & 1,
      score: scores[at],
    })),
  );
}
