import { z } from 'zod';
import { MlopsError } from '../../errors.ts';
import { openLog } from '../artifacts/log.ts';
import type { ArtifactStore } from '../artifacts/store.ts';

const entry = z.strictObject({
  identity: z.string().min(1),
  at: z.iso.datetime(),
  /** `job`: recorded with a first answer; otherwise the user who adopted it. */
  by: z.string(),
});
type Entry = z.infer<typeof entry>;

const damage = { code: 'TENANT_LOG_DAMAGED', remedy: 'Restore the entry from a backup of the store' } as const;

/** The services that the tenant exchanged data with: one log each. The cost does not depend on the log's length. */
export interface ServiceIdentities {
  /** `null` while the service has never answered a job. */
  recorded(service: string): Promise<Entry | null>;
  /**
   * Records the identity of a service that has answered.
   * @throws MlopsError SERVICE_FOREIGN if another one is recorded
   */
  record(service: string, identity: string): Promise<void>;
  /** @throws MlopsError SERVICE_FOREIGN if another one is recorded */
  prove(service: string, identity: string): Promise<void>;
  /** Continues with another identity of the service. @returns the previous one, `null` if there was none */
  adopt(service: string, identity: string, by: string): Promise<string | null>;
}

export function openServiceIdentities(store: ArtifactStore, tenant: string): ServiceIdentities {
  const logOf = (service: string) => openLog(store, `tenant/services/${service}/log`, entry, damage);
  const recorded = async (service: string) => (await logOf(service).head())?.entry ?? null;

  function refuseOther(service: string, known: Entry | null, identity: string): void {
    if (known === null || known.identity === identity) return;
    throw new MlopsError(
      'SERVICE_FOREIGN',
      `the service "${service}" is configured as ${identity}, but the tenant "${tenant}" has worked with ${known.identity}. ` +
        `Set TENANT to another name to keep the two apart (another customer, or a trial), ` +
        `or run "tenant adopt ${service}" to continue (the same tenant at a new address)`,
    );
  }

  return {
    recorded,
    async record(service, identity) {
      const now = { identity, at: new Date().toISOString(), by: 'job' };
      if ((await recorded(service)) === null) await logOf(service).append(0, now);
      refuseOther(service, await recorded(service), identity);
    },
    async prove(service, identity) {
      refuseOther(service, await recorded(service), identity);
    },
    async adopt(service, identity, by) {
      for (;;) {
        const head = await logOf(service).head();
        if (head?.entry.identity === identity) return identity;
        const appended = await logOf(service).append(head?.number ?? 0, { identity, at: new Date().toISOString(), by });
        if (appended !== null) return head?.entry.identity ?? null;
      }
    },
  };
}
