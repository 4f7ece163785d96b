import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errors, failureOfWork, findError } from '../jobs/errors.ts';
import { describe as describeError } from '../producers/cli/describe-error.ts';
import { exitCodeOf } from '../producers/cli/exit.ts';
import { troubleOf } from '../producers/http/problem.ts';
import { errorTable } from '../src/documentation/errors.ts';
import { MlopsError, sharedErrors } from '../src/errors.ts';

const root = new URL('..', import.meta.url).pathname;

/** The sources, without the entries themselves and the checks for codes. */
const sources = ['src', 'jobs', 'producers']
  .flatMap(folder =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(name => join(folder, name)),
  )
  .filter(name => name.endsWith('.ts') && !isEntryFile(name) && !name.startsWith(join('src', 'sandbox')))
  .map(name => readFileSync(join(root, name), 'utf8').replaceAll(/isCoded\([^)]*\)/g, ''))
  .join('\n');

function isEntryFile(name: string): boolean {
  return name.endsWith('errors.ts') || name.startsWith(join('src', 'errors'));
}

describe('every error code', () => {
  it('is documented, and no other is', () => {
    const page = readFileSync(join(root, 'docs/errors.md'), 'utf8');
    expect(page.split('\n').filter(line => line.startsWith('| '))).toEqual(
      errorTable()
        .split('\n')
        .filter(line => line.startsWith('| ')),
    );
  });

  it('is defined once', () => {
    expect(new Set(errors.map(({ code }) => code)).size).toBe(errors.length);
    for (const entry of errors) expect(findError(entry.code)).toBe(entry);
  });

  it.each(errors)('$code has a meaning and a remedy that fit into the table', ({ meaning, remedy }) => {
    expect(meaning).toMatch(/^[A-Z][^|\n]{14,}[^.]$/);
    expect(remedy).toMatch(/^[A-Z`][^|\n]{10,}[^.]$/);
    expect(`${meaning} ${remedy}`).not.toMatch(/\b(whoever|nobody|anew|mend|cure|told|tells|stands)\b/i);
  });

  // What a failure without a code of its own is thrown as, in the module that collects the codes.
  it.each(Object.keys(sharedErrors).filter(code => code !== 'RUN_FAILED'))('%s is thrown', code => {
    expect(sources).toContain(`'${code}'`);
  });

  const own = readdirSync(join(root, 'jobs'), { recursive: true, encoding: 'utf8' })
    .filter(name => /\/errors\.ts$/.test(name))
    .flatMap(name => [
      ...readFileSync(join(root, 'jobs', name), 'utf8').matchAll(
        /export const (\w+) = defineError\(\{\s+code: '(\w+)'/g,
      ),
    ])
    .map(([, name = '', code = '']) => ({ name, code }));

  it.each(own)('$code of a queue is thrown, and collected', ({ name, code }) => {
    expect(sources).toMatch(new RegExp(`new MlopsError\\(\\s*${name}\\b`));
    expect(findError(code)).toBeDefined();
  });

  it('of a queue is found in its folder', () => {
    expect(own).toHaveLength(errors.length - Object.keys(sharedErrors).length);
  });
});

describe('a parameter that is wrong', () => {
  const error = new MlopsError('BAD_INPUT', 'it is too long', { field: 'lookBack' });

  it('is an option to commands, and a field to HTTP clients', () => {
    expect(describeError(error)).toBe('--look-back: it is too long [BAD_INPUT]');
    expect(troubleOf(error).problem).toMatchObject({
      status: 422,
      detail: 'it is too long',
      errors: [{ field: 'lookBack', message: 'it is too long' }],
    });
  });

  it('is not named twice', () => {
    const named = new MlopsError('BAD_INPUT', '--look-back is too long', { field: 'lookBack' });
    expect(describeError(named)).toBe('--look-back is too long [BAD_INPUT]');
  });
});

describe('awaited work that failed', () => {
  it('has the code of its cause, with its remedy, and exits with 1', () => {
    const failure = failureOfWork({ code: 'BAD_INPUT', message: 'line 3 is empty' });
    expect(failure).toMatchObject({ code: 'BAD_INPUT', message: 'line 3 is empty' });
    expect(exitCodeOf(failure)).toBe(1);
    expect(describeError(failure)).toBe(`line 3 is empty [BAD_INPUT]\n${sharedErrors.BAD_INPUT.remedy}`);
  });

  it.each(['CANCELLED', 'OTHER', 'toString'])('is RUN_FAILED where its code is %s', code => {
    expect(failureOfWork({ code, message: 'why' }).code).toBe('RUN_FAILED');
  });
});
