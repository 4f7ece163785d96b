import { otherTenants } from '../../src/app/stored.ts';
import type { Config } from '../../src/config/config.ts';
import { say } from './terminal.ts';

/** Says which other tenants have data in the store: a dataset that seems to be missing may be one of theirs. */
export function sayOtherTenants(settings: Config): void {
  const others = otherTenants(settings);
  if (others.length > 0)
    say(`note: this is the tenant ${settings.tenant.key}; the store also has data of ${others.join(', ')}`);
}
