import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { MlopsError } from '../../errors.ts';

/** The last version of the package that reads stores of the previous layout. */
const lastVersion = '0.1';
/** Tenants of real platforms had a hash of their hosts as their name there. */
const hashed = /^t-[0-9a-f]{12}$/;

/**
 * Rejects a store of the previous layout, whose datasets would seem to be missing. It reads only the names in the root
 * folder.
 * @param root the folder of ARTIFACTS_URL
 * @throws MlopsError STORE_FORMER_LAYOUT
 */
export function refuseFormerLayout(root: string, tenant: string): void {
  const former = namesIn(root)
    .filter(name => name === tenant || (hashed.test(name) && tenant !== 'sandbox'))
    .map(name => join(root, name))
    .find(isFormer);
  if (former === undefined) return;
  throw new MlopsError(
    'STORE_FORMER_LAYOUT',
    `${former} is a store of an earlier version, which only cxone-mlops ${lastVersion} reads. Export its datasets with that version, then set ARTIFACTS_URL to another folder or move this one away`,
  );
}

/** The tenants that have data under `root`, by name. */
export function tenantsIn(root: string): string[] {
  return namesIn(root).filter(name => existsSync(join(root, name, 'tenant')));
}

/** In that layout the id of the store was in its own file. */
function isFormer(folder: string): boolean {
  return existsSync(join(folder, 'store-id'));
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}
