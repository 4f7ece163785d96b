import { z } from 'zod';
import type { WebhookTarget } from '../../platform/webhook-delivery.ts';
import { parseArtifact } from '../artifacts/parse-artifact.ts';
import type { ArtifactStore } from '../artifacts/store.ts';

/** Messages to be delivered, and those delivered: a message keeps its first body. */
export interface Outbox {
  /** Adds a message, unless it exists: then its first body is kept. */
  put(target: WebhookTarget, id: string, body: string): Promise<void>;
  /** @throws MlopsError ARTIFACT_MISSING */
  read(target: WebhookTarget, id: string): Promise<OutgoingMessage>;
  isDelivered(target: WebhookTarget, id: string): Promise<boolean>;
  noteDelivered(target: WebhookTarget, id: string): Promise<void>;
}

const message = z.strictObject({ putAt: z.number(), body: z.string() });
/** A body, byte for byte as it is sent, and when it was added, in ms since 1970. */
export type OutgoingMessage = Readonly<z.infer<typeof message>>;

export function openOutbox(store: ArtifactStore): Outbox {
  const key = (target: WebhookTarget, id: string, file: string) => `webhooks/${target}/${id}/${file}`;
  return {
    async put(target, id, body) {
      await store.create(key(target, id, 'message.json'), JSON.stringify({ putAt: Date.now(), body }));
    },
    async read(target, id) {
      const place = key(target, id, 'message.json');
      return parseArtifact(place, await store.read(place), message);
    },
    isDelivered: (target, id) => store.exists(key(target, id, 'delivered')),
    async noteDelivered(target, id) {
      await store.create(key(target, id, 'delivered'), new Date().toISOString());
    },
  };
}
