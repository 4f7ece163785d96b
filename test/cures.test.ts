import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { remedies } from '../src/cures.ts';
import { codes } from '../src/errors.ts';

it('the table of codes in docs/errors.md has every code, with its verdict, meaning and cure', () => {
  const text = readFileSync(new URL('../docs/errors.md', import.meta.url), 'utf8');
  const rows = text.split('\n').filter(line => line.startsWith('| `'));
  const meant = Object.entries(remedies).map(([code, { meaning, cure }]) => ({ code, meaning, cure }));
  const verdicts = new Map<string, string>(Object.entries(codes));
  const expected = meant.map(
    ({ code, meaning, cure }) => `| \`${code}\` | ${verdicts.get(code)} | ${meaning} | ${cure} |`,
  );
  expect(rows).toEqual(expected.sort((one, other) => order(one) - order(other)));
});

function order(row: string): number {
  return Object.keys(codes).indexOf(/^\| `([A-Z_]+)`/.exec(row)?.[1] ?? '');
}

it('every cure is a sentence or more, in a cell of a table', () => {
  for (const { meaning, cure } of Object.values(remedies)) {
    expect(meaning.length).toBeGreaterThan(15);
    expect(cure).toMatch(/^[A-Z`][^|\n]*[^.]$/);
  }
});
