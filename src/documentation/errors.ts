import { errors } from '../../jobs/errors.ts';
import { markdownTable } from './generated-text.ts';

/** All error codes, for docs/errors.md. */
export function errorTable(): string {
  return markdownTable(
    ['code', 'verdict', 'exit', 'HTTP', 'meaning', 'remedy'],
    errors.map(({ code, verdict, exit, http, meaning, remedy }) => [
      `\`${code}\``,
      verdict,
      String(exit),
      String(http),
      meaning,
      remedy,
    ]),
  );
}
