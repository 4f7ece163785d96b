import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Words and turns of phrase that this project does not use, where, and what to write instead. */
const rules: readonly { readonly pattern: RegExp; readonly instead: string }[] = [
  { pattern: /\b(House|house|openHouse)\b/, instead: 'App, openApp' },
  { pattern: /\bEdges\b/, instead: 'Resources, or the folder’s name' },
  { pattern: /\b[Cc]ures?d?\b/, instead: 'remedy (of an error), recovery (of a training), fix' },
  { pattern: /\b[Tt]all(y|ies)\b/, instead: 'shared counters' },
  { pattern: /\b[Ww]hoever\b/, instead: 'the caller, the user, a process that …' },
  { pattern: /\b[Nn]obody\b/, instead: 'no one, or say who does not' },
  { pattern: /\b[Aa]new\b/, instead: 'again' },
  { pattern: /\b[Mm]end(s|ed|ing)?\b/, instead: 'fix' },
  { pattern: /\b(is|are) no (?!longer|more|less|fewer|later|such|earlier|other)[A-Za-z]/, instead: 'is not a …' },
  { pattern: /\b(is|are) no such\b/, instead: '… not found' },
  { pattern: /\b(is|are) told\b/, instead: 'is notified, is reported as' },
  { pattern: /\b(what|whatever) becomes of\b/i, instead: 'the outcome of' },
  { pattern: /\bcomes to nothing\b/, instead: 'has no effect' },
  { pattern: /\bstands? in (for|the (log|store|way))\b/, instead: 'is stored in, replaces, blocks' },
];
/** Where a phrase of the list is plain English after all. */
const allowed = /\bthere (is|are) no (?!such\b)|\bif there (is|are) no\b/i;

const root = new URL('..', import.meta.url).pathname;
/** Simulated conversations speak as customers do. */
const spoken = [
  'src/sandbox/corpus',
  'src/sandbox/nlp/clinc150.ts',
  'src/sandbox/nlp/banking77.ts',
  'src/sandbox/nlu/vocabulary.ts',
];

function textsIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map(name => join(folder, name))
    .filter(name => /\.(ts|js|md|css|yml)$/.test(name) && !spoken.some(start => name.startsWith(start)));
}

const files = [
  ...['src', 'jobs', 'producers', 'docs', 'bench', 'ops', 'bin'].flatMap(textsIn),
  'README.md',
  'CONTRIBUTING.md',
  '.env.example',
];

function findings(text: string): string[] {
  return text
    .split('\n')
    .flatMap((line, index) =>
      rules
        .filter(({ pattern }) => pattern.test(line.replaceAll(new RegExp(allowed, 'gi'), '')))
        .map(({ instead }) => `${index + 1}: ${line.trim()}  →  ${instead}`),
    );
}

describe('the wording', () => {
  it.each(files)('of %s is plain English', file => {
    expect(findings(readFileSync(join(root, file), 'utf8'))).toEqual([]);
  });

  it('is recognized', () => {
    expect(findings('There is no worker. It is no longer here, no more than ten.')).toEqual([]);
    for (const wrong of ['this is no JSON', 'whoever asks', 'it is told', 'the cure', 'do it anew', 'nobody waits'])
      expect(findings(wrong), wrong).toHaveLength(1);
  });
});
