import { storedTenants } from '../../src/app/stored.ts';
import type { Config } from '../../src/config/config.ts';
import { sandboxTenant } from '../../src/config/tenant.ts';
import { say } from './terminal.ts';

/** Says which other tenants have data in the store: a dataset that seems to be missing may be one of theirs. */
export function sayOtherTenants(settings: Config): void {
  const { key } = settings.tenant;
  const others = storedTenants(settings).filter(name => name !== key);
  if (others.length === 0) return;
  const shown = others.map(name => (name === sandboxTenant ? `${name} (--sandbox)` : `${name} (TENANT=${name})`));
  say(`note: this is the tenant ${key}; the store also has data of ${shown.join(', ')}`);
}
