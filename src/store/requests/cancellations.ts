import { createHash } from 'node:crypto';
import { z } from 'zod';
import { Cancelled } from '../../errors.ts';
import { parseArtifact } from '../artifacts/parse-artifact.ts';
import type { ArtifactStore } from '../artifacts/store.ts';

/** A cancellation of a request: who cancelled it, and when. It is final. */
export const cancellation = z.object({ id: z.string(), by: z.string(), at: z.string() });
export type Cancellation = z.infer<typeof cancellation>;

/** The marks that cancel requests, by the requests' ids. They are checked before every effect. */
export interface Cancellations {
  /** Cancels the request, durably. @returns the mark in force: the first one */
  cancel(id: string, by: string): Promise<Cancellation>;
  isCancelled(id: string): Promise<boolean>;
  /** The mark in force, `null` if the request is not cancelled. */
  find(id: string): Promise<Cancellation | null>;
  /** To be called before every effect that cannot be undone. @throws Cancelled */
  proveWanted(id: string): Promise<void>;
}

export function openCancellations(store: ArtifactStore): Cancellations {
  /** A hash, because a job's id may hold characters that are not valid in a key. */
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
