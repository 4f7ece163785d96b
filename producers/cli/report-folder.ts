import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MlopsError, systemCode } from '../../src/errors.ts';
import { privateFile, privateFolder } from '../../src/store/artifacts/private.ts';
import { say } from './terminal.ts';

/** A folder that a command's report goes to, made before the work begins. */
export interface ReportFolder {
  /** @throws MlopsError STORE_UNWRITABLE */
  write(files: Readonly<Record<string, string | Uint8Array>>): Promise<void>;
}

/** @throws MlopsError BAD_INPUT where nothing can be written there */
export async function openReportFolder(folder: string): Promise<ReportFolder> {
  const probe = join(folder, '.probe');
  try {
    await mkdir(folder, { recursive: true, mode: privateFolder });
    await writeFile(probe, '');
    await rm(probe);
  } catch (error) {
    throw new MlopsError('BAD_INPUT', `--report ${folder}: nothing can be written there: ${systemCode(error)}`, {
      field: 'report',
    });
  }
  return {
    async write(files) {
      for (const [name, content] of Object.entries(files)) {
        await writeFile(join(folder, name), content, { mode: privateFile }).catch((error: unknown) => {
          throw new MlopsError('STORE_UNWRITABLE', `the report cannot be written to ${folder}: ${systemCode(error)}`);
        });
      }
      say(`report: ${join(folder, 'report.html')}`);
    },
  };
}
