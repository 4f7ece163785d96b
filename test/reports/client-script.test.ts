import { Script } from 'node:vm';
import { expect, it } from 'vitest';
import { bundle, bundleName, clientScript } from '../../src/reports/client-script.ts';

const entries = ['tuning-report.client.js', 'training-report.client.js'];

it.each(entries)('%s becomes a script that imports nothing', entry => {
  const script = clientScript(entry);
  expect(() => new Script(script)).not.toThrow();
  expect(script).toContain('function makeSortable');
  expect(script).not.toMatch(/^\s*(import|export)\b/m);
});

it.each(entries)('%s is the same script whatever folder the process is in', entry => {
  const file = new URL(`../../src/reports/${entry}`, import.meta.url);
  const folder = process.cwd();
  process.chdir('/');
  const script = bundle(file);
  process.chdir(folder);
  expect(script).toBe(clientScript(entry));
});

it('what the build makes of an entry has a name of its own', () => {
  expect(entries.map(bundleName)).toEqual(['tuning-report.bundle.js', 'training-report.bundle.js']);
});
