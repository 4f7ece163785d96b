import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { type Api, openApi } from './api-site.ts';
import { conversations } from './conversations.ts';
import { frozenTenant, openSite, type Site } from './site.ts';

/** So high that no test waits for a slot. */
export const noLimit = { LIMIT_NLU: '1000/s' } as const;

/** A site whose platform limits no extraction. */
export async function extractionSite(options: SandboxOptions = {}): Promise<Site> {
  return await openSite(frozenTenant({ interactions: conversations(5), limits: { NLU: null }, ...options }));
}

/** The API of a site, with workers. */
export async function extractionApi(site: Site, changes: Readonly<Record<string, string>> = {}): Promise<Api> {
  return await openApi(site, { works: true, changes: { ...noLimit, ...changes } });
}

/** Texts in which the simulated platform finds a date. */
export function textsOf(count: number): string[] {
  return Array.from(
    { length: count },
    (_, index) => `My order ORD-${10_000 + index} should be here by 2026-03-04, please`,
  );
}

export function jsonLines(values: readonly unknown[]): string {
  return values.map(value => `${JSON.stringify(value)}\n`).join('');
}

/** Writes a file of the site's folder. @returns its name */
export async function writeLines(site: Site, name: string, values: readonly unknown[]): Promise<string> {
  await writeFile(join(site.folder, name), jsonLines(values));
  return name;
}
