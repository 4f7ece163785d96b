import { createHash } from 'node:crypto';
import { z } from 'zod';
import { Cancelled } from '../../errors.ts';
import { parseArtifact } from '../artifacts/parse-artifact.ts';
import type { ArtifactStore } from '../artifacts/store.ts';

/** That a request is no longer wanted: who said so, and when. It is never taken back. */
export const cancellation = z.object({ id: z.string(), by: z.string(), at: z.string() });
export type Cancellation = z.infer<typeof cancellation>;

/** The marks that cancel requests, by the requests' ids. They are looked at before every effect. */
export interface Cancellations {
  /** Cancels the request, durably. @returns the mark that stands: the first one */
  cancel(id: string, by: string): Promise<Cancellation>;
  isCancelled(id: string): Promise<boolean>;
  /** The mark that stands, `null` while the request is wanted. */
  find(id: string): Promise<Cancellation | null>;
  /** To be called before what cannot be taken back. @throws Cancelled */
  proveWanted(id: string): Promise<void>;
}

export function openCancellations(store: ArtifactStore): Cancellations {
  /** A hash, because a job's id may hold what no key of an artifact does. */
  const key = (id: string) => `cancelled/${createHash('sha256').update(id).digest('hex')}`;
  const isCancelled = (id: string) => store.exists(key(id));

  return {
    isCancelled,
    async find(id) {
      const content = await store.readIfThere(key(id));
      return content === null ? null : parseArtifact(key(id), content, cancellation);
    },
    async cancel(id, by) {
      await store.create(key(id), JSON.stringify({ id, by, at: new Date().toISOString() }));
      return parseArtifact(key(id), await store.read(key(id)), cancellation);
    },
    async proveWanted(id) {
      if (await isCancelled(id)) throw new Cancelled(`the request ${id} was cancelled`);
    },
  };
}
