import { isUtf8 } from 'node:buffer';
import { invalidBytes } from '../domain/interaction/invalid-bytes.ts';

/** A body as text. */
export interface AnswerText {
  readonly text: string;
  /** Whether all of it was UTF-8; where it was not, the text holds `invalidBytes` in place of the bytes. */
  readonly isUtf8: boolean;
}

/** Decodes a body, without a byte order mark. */
export function answerText(body: Uint8Array): AnswerText {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const valid = isUtf8(bytes);
  const text = valid ? bytes.toString('utf8') : withMarks(bytes);
  return { text: text.startsWith('\ufeff') ? text.slice(1) : text, isUtf8: valid };
}

/** A replacement character that was sent as such stays one: the bytes between these are decoded by themselves. */
function withMarks(bytes: Buffer): string {
  const sent = Buffer.from('\ufffd');
  const parts: string[] = [];
  let from = 0;
  for (;;) {
    const at = bytes.indexOf(sent, from);
    parts.push(bytes.toString('utf8', from, at < 0 ? bytes.length : at).replaceAll('\ufffd', invalidBytes));
    if (at < 0) return parts.join('\ufffd');
    from = at + sent.length;
  }
}
