import type { NoticeEdges } from '../jobs/notice.ts';
import { type Notice, notice } from '../src/domain/notice/notice.ts';
import type { ArtifactStore } from '../src/edges/artifacts/store.ts';
import { openOutbox } from '../src/edges/webhooks/outbox.ts';
import { memoryStore } from './edges/audit/memory-store.ts';

/** Nobody is to be told anything. */
export function silence(): NoticeEdges {
  return { ...listening().edges, webhooks: { isSet: () => false, send: refuse } };
}

/** Somebody is: what they would be posted. */
export function listening(store: ArtifactStore = memoryStore()): {
  readonly edges: NoticeEdges;
  readonly told: () => Promise<Notice[]>;
} {
  const outbox = openOutbox(store);
  const ids = new Map<string, string>();
  return {
    edges: {
      ...{ tenant: 'ours', outbox, webhooks: { isSet: () => true, send: refuse } },
      queues: {
        async add(orders) {
          for (const { id } of orders) ids.set(id, id.replace(/^deliver\.notify\./, ''));
        },
        isUnderWay: async () => false,
      },
    },
    told: () =>
      Promise.all([...ids.values()].map(async id => notice.parse(JSON.parse((await outbox.read('notify', id)).body)))),
  };
}

async function refuse(): Promise<never> {
  throw new Error('nothing is sent here');
}
