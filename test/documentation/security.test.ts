import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

it('docs/security.md names tests that exist', () => {
  const named = [...readFileSync(resolve(root, 'docs/security.md'), 'utf8').matchAll(/`(test\/[^`]+)`/g)].map(
    ([, path = '']) => path,
  );
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter(path => !existsSync(resolve(root, path)))).toEqual([]);
});
