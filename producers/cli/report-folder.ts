import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MlopsError, systemCode } from '../../src/errors.ts';
import { privateFile, privateFolder } from '../../src/store/artifacts/private.ts';
import { replaceFile } from '../../src/store/output-file.ts';
import { say } from './terminal.ts';

/** The output folder of a command's report, created before the work begins. */
export interface ReportFolder {
  /**
   * Each file is replaced whole. The caller names it by its request, so that the reports of two requests stay apart.
   * @throws MlopsError STORE_UNWRITABLE
   */
  write(files: Readonly<Record<string, string | Uint8Array>>): Promise<void>;
}

/** @throws MlopsError BAD_INPUT if the folder is not writable */
export async function openReportFolder(folder: string): Promise<ReportFolder> {
  const probe = join(folder, '.probe');
  try {
    await mkdir(folder, { recursive: true, mode: privateFolder });
    await writeFile(probe, '');
    await rm(probe);
  } catch (error) {
    throw new MlopsError('BAD_INPUT', `--report ${folder}: the folder is not writable: ${systemCode(error)}`, {
      field: 'report',
    });
  }
  return {
    async write(files) {
      for (const [name, content] of Object.entries(files)) {
        const path = join(folder, name);
        await replaceFile(path, file => writeFile(file, content, { mode: privateFile }));
        if (name.endsWith('.html')) say(`report: ${path}`);
      }
    },
  };
}
