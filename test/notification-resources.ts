import type { NotificationResources } from '../jobs/notify.ts';
import { type Notification, notification } from '../src/domain/notification/notification.ts';
import type { ArtifactStore } from '../src/store/artifacts/store.ts';
import { openOutbox } from '../src/store/webhooks/outbox.ts';
import { memoryStore } from './store/audit/memory-store.ts';

/** Nobody is to be notified anything. */
export function silence(): NotificationResources {
  return { ...listening().resources, webhooks: { isSet: () => false, send: refuse } };
}

/** Somebody is: what they would be posted. */
export function listening(store: ArtifactStore = memoryStore()): {
  readonly resources: NotificationResources;
  readonly notified: () => Promise<Notification[]>;
} {
  const outbox = openOutbox(store);
  const ids = new Map<string, string>();
  return {
    resources: {
      tenant: 'ours',
      outbox,
      webhooks: { isSet: () => true, send: refuse },
      queues: {
        async enqueue(specs) {
          for (const { id } of specs) ids.set(id, id.replace(/^deliver\.notify\./, ''));
        },
        isUnderWay: async () => false,
      },
    },
    notified: () =>
      Promise.all(
        [...ids.values()].map(async id => notification.parse(JSON.parse((await outbox.read('notify', id)).body))),
      ),
  };
}

async function refuse(): Promise<never> {
  throw new Error('nothing is sent here');
}
