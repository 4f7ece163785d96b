import {
  isRemovedTarget,
  type Registration,
  type RegistrationEvent,
  registrationEvent,
  registrationsOf,
} from '../../domain/sentiment/webhook-registration.ts';
import { type Numbered, openLog } from '../artifacts/log.ts';
import type { ArtifactStore } from '../artifacts/store.ts';

/** Our webhooks at the platform, which cannot list them: a log of a few entries, read whole. Their URLs may hold secrets. */
export interface Registrations {
  /** @throws MlopsError WEBHOOK_LOG_DAMAGED */
  read(): Promise<{ readonly registrations: readonly Registration[]; readonly length: number }>;
  /** Appends `event` as entry `after` + 1; `null` if another writer was first: read again and decide again. */
  append(after: number, event: RegistrationEvent): Promise<Numbered<RegistrationEvent> | null>;
  /**
   * Whether events that arrive at `target`, a path with its query, are refused because their webhook was removed; a
   * removal counts within a second.
   */
  refuses(target: string): Promise<boolean>;
}

const knownMs = 1_000;

export function openRegistrations(store: ArtifactStore): Registrations {
  const log = openLog(store, 'webhooks/registrations/log', registrationEvent, {
    code: 'WEBHOOK_LOG_DAMAGED',
    remedy: 'Restore the entry from a backup of the store',
  });
  const read = async () => {
    const events = (await log.all()).map(({ entry }) => entry);
    return { registrations: registrationsOf(events), length: events.length };
  };
  let known: { readonly at: number; readonly registrations: ReturnType<typeof read> } | null = null;
  return {
    read,
    append: log.append,
    async refuses(target) {
      // Many events arrive in a second, and the log is read whole.
      if (known === null || performance.now() - known.at > knownMs) {
        known = { at: performance.now(), registrations: read() };
        known.registrations.catch(() => {
          known = null;
        });
      }
      return isRemovedTarget((await known.registrations).registrations, target);
    },
  };
}
