import { z } from 'zod';
import type { Section, Setting, SettingReader } from './setting.ts';

/**
 * The owner of the data. The key is part of the queue prefix and of the artifacts' path, so that the work of one tenant (or
 * of the sandbox) cannot be reached by another's workers.
 */
export interface Tenant {
  /** The sandbox is used only on request. */
  readonly kind: 'sandbox' | 'platform';
  readonly key: string;
}

/** The tenant of the sandbox; no other may have this name. */
export const sandboxTenant = 'sandbox';

export const tenantName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be 1 to 40 lower-case letters, digits and -, and start with no -')
  .refine(name => name !== sandboxTenant, `must not be "${sandboxTenant}", which is the sandbox's`);

const tenant: Setting<string> = {
  name: 'TENANT',
  description:
    'Names the tenant: its queues and files are kept apart from all others. Set another name for another customer, or for a trial',
  example: 'default',
  schema: tenantName,
};
const sandbox: Setting<boolean> = {
  name: 'SANDBOX',
  description: '`1` uses a simulated platform instead of the real one, as `--sandbox` does; its tenant is `sandbox`',
  example: '0',
  schema: z.enum(['0', '1'], 'must be 0 or 1').transform(value => value === '1'),
};

export function readTenant(reader: SettingReader): Tenant {
  const isSandbox = reader.read(sandbox) ?? false;
  const name = reader.read(tenant) ?? 'default';
  return isSandbox ? { kind: 'sandbox', key: sandboxTenant } : { kind: 'platform', key: name };
}

export const tenantSections: readonly Section[] = [
  { title: 'Tenant', introduction: 'Whose data this installation works on.', settings: [tenant, sandbox] },
];
