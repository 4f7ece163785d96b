import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { mostLines, type OnBadLine } from '../../src/domain/entity/batch.ts';
import { MlopsError } from '../../src/errors.ts';
import { type InputTerms, inputLines } from '../../src/store/extractions/input-lines.ts';

export interface LineTerms extends InputTerms {
  /** Of the file, for messages. */
  readonly name: string;
  readonly onBadLine: OnBadLine;
  /** The option or field that names the file. */
  readonly field: string;
}

const mostShown = 20;

/**
 * The bytes of a file of requests, checked while they pass.
 * @throws MlopsError BAD_INPUT at the end: with each invalid line as FILE:LINE, 20 at most, unless such lines are skipped;
 *   and for a file without a request, or with too many
 */
export async function* checkedLines(content: AsyncIterable<Uint8Array>, terms: LineTerms): AsyncGenerator<Uint8Array> {
  const passing = new PassThrough();
  const checking = check(passing, terms);
  // Thrown below, after the last byte.
  checking.catch(() => undefined);
  try {
    for await (const chunk of content) {
      if (!passing.write(chunk)) await once(passing, 'drain');
      yield chunk;
    }
  } catch (error) {
    passing.destroy();
    throw error;
  }
  passing.end();
  await checking;
}

async function check(content: AsyncIterable<Uint8Array>, terms: LineTerms): Promise<void> {
  const { name, onBadLine, field } = terms;
  const problems: string[] = [];
  let [requests, invalid] = [0, 0];
  for await (const line of inputLines(content, terms)) {
    if (line.kind === 'request') requests += 1;
    if (line.kind !== 'rejected') continue;
    invalid += 1;
    if (problems.length < mostShown) problems.push(`${name}:${line.line}: ${line.message}`);
  }
  if (invalid > 0 && onBadLine === 'stop') throw new MlopsError('BAD_INPUT', described(problems, invalid), { field });
  if (requests === 0)
    throw new MlopsError('BAD_INPUT', `${name} has no requests: write one JSON object a line`, { field });
  if (requests > mostLines)
    throw new MlopsError(
      'BAD_INPUT',
      `${name} has ${requests} requests: split it into files of at most ${mostLines.toLocaleString('en-US')}`,
      { field },
    );
}

function described(problems: readonly string[], count: number): string {
  const remedy = 'Correct the file, or leave such lines out (on-bad-line skip)';
  const [first = ''] = problems;
  if (count === 1) return `${first}. ${remedy}`;
  const more = count - problems.length;
  return [
    `${count} lines are not valid requests:`,
    ...problems,
    ...(more > 0 ? [`and ${more} more`] : []),
    remedy,
  ].join('\n');
}
