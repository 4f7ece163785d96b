import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documents } from '../../src/documentation/documents.ts';
import { withGenerated } from '../../src/documentation/generated-text.ts';
import { codeOf } from '../thrown.ts';

const root = resolve(import.meta.dirname, '../..');

describe('the generated documents', () => {
  it.each(documents.map(document => [document.path, document] as const))(
    '%s is current (npm run docs)',
    (path, { render }) => {
      const now = readFileSync(resolve(root, path), 'utf8');
      expect(render(now)).toBe(now);
    },
  );
});

describe('withGenerated', () => {
  const document = 'a\n<!-- generated: x -->\nold\n<!-- end -->\nb <!-- end -->\n';

  it('replaces what is between its markers', () => {
    expect(withGenerated(document, 'x', 'new\n')).toBe('a\n<!-- generated: x -->\nnew\n<!-- end -->\nb <!-- end -->\n');
  });

  it('refuses a document without them', async () => {
    expect(await codeOf(() => withGenerated(document, 'y', ''))).toBe('INTERNAL');
  });
});
