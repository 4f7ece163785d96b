import { open } from 'node:fs/promises';
import { systemCode } from '../../errors.ts';
import { patiently } from './file-places.ts';

/** What file systems without a sync of folders answer: older SMB, WSL's drvfs, 9p, some of FUSE. */
const withoutFolderSync: readonly string[] = ['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EBADF', 'EISDIR', 'EPERM'];

/**
 * Makes the names in a folder durable, where the file system can.
 * @returns whether it can
 */
export async function syncFolder(folder: string): Promise<boolean> {
  try {
    const handle = await patiently(() => open(folder, 'r'));
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if (withoutFolderSync.includes(systemCode(error) ?? '')) return false;
    throw error;
  }
}
