import { randomUUID } from 'node:crypto';
import { link, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from './folder-sync.ts';
import { privateFile } from './private.ts';

/** What the file system of a folder cannot do, and what follows from it; empty for most. */
export async function probeFileSystem(folder: string): Promise<string[]> {
  const file = join(folder, `.${randomUUID()}`);
  const second = join(folder, `.${randomUUID()}`);
  const findings: string[] = [];
  try {
    await writeFile(file, '', { mode: privateFile, flag: 'wx' });
    const hasLinks = await link(file, second).then(
      () => true,
      () => false,
    );
    if (!hasLinks)
      findings.push('this file system has no hard links: writers take turns by claim files, which is slower');
    if (!(await syncFolder(folder)))
      findings.push('this file system cannot sync folders: a power cut may lose the last files');
    return findings;
  } finally {
    await Promise.all([file, second].map(each => rm(each, { force: true }).catch(() => undefined)));
  }
}
