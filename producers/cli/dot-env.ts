import { parse } from 'dotenv';
import { MlopsError } from '../../src/errors.ts';

/**
 * The variables of a `.env` file. What programs read differently is refused, so that a secret is never cut off silently.
 * @throws MlopsError BAD_CONFIG with `.env:LINE`, never with a value
 */
export function parseDotEnv(bytes: Buffer): Record<string, string> {
  if (bytes.includes(0) || [0xfe, 0xff].includes(bytes[0] ?? 0))
    throw new MlopsError('BAD_CONFIG', '.env is not UTF-8 text (UTF-16?): save it as UTF-8', { where: '.env' });
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  const problems = problemsOf(text);
  if (problems.length > 0) throw new MlopsError('BAD_CONFIG', problems.join(' · '), { where: '.env' });
  return parse(text);
}

const assignment = /^\s*(?:export\s+)?([\w.-]+)\s*(?:=|:\s)\s*(.*)$/;

function problemsOf(text: string): string[] {
  const problems: string[] = [];
  let open: { readonly quote: string; readonly line: number } | null = null;
  for (const [index, line] of text.split(/\r\n|\n|\r/).entries()) {
    if (open !== null) {
      if (closes(line, open.quote)) open = null;
      continue;
    }
    if (/^\s*(#|$)/.test(line)) continue;
    const [, name, value = ''] = assignment.exec(line) ?? [];
    const [quote = ''] = value;
    if (name === undefined) problems.push(`.env:${index + 1} is not NAME=value`);
    else if (/^["'`]/.test(value)) {
      if (!closes(value.slice(1), quote)) open = { quote, line: index + 1 };
    } else if (/\S#/.test(value))
      problems.push(
        `.env:${index + 1} ${name} has a # in its value: put the value in quotes, or a space before a comment`,
      );
  }
  if (open !== null) problems.push(`.env:${open.line} opens a quote that is not closed`);
  return problems;
}

function closes(text: string, quote: string): boolean {
  return text.replaceAll(`\\${quote}`, '').includes(quote);
}
