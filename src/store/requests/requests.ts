import { z } from 'zod';
import { parseArtifact } from '../artifacts/parse-artifact.ts';
import type { ArtifactStore } from '../artifacts/store.ts';

/** The last part of a request's id: `open.demo.<token>`, `tuning.<token>`. */
export const requestToken = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);

/** A request: all that its first job needs, so that it survives the loss of Redis data. */
export const acceptedRequest = z.object({
  token: requestToken,
  /** The first job's id, which the caller sees. */
  id: z.string(),
  queue: z.string(),
  payload: z.unknown(),
  /** The requester: a person or a key. */
  by: z.string(),
  /** Whose it is: the name of a key, or a login. Requests of earlier versions have none. */
  owner: z.string().optional(),
  at: z.string(),
  /** A hash of the request: the same token for another request is an error. */
  body: z.string(),
});
export type AcceptedRequest = z.infer<typeof acceptedRequest>;

/** The accepted requests of one tenant. */
export interface Requests {
  /** Records the request durably unless its token is taken. @returns the stored request: of two writers, the first one's */
  note(request: AcceptedRequest): Promise<AcceptedRequest>;
  /** `null` if there is none. */
  find(token: string): Promise<AcceptedRequest | null>;
}

export function openRequests(store: ArtifactStore): Requests {
  const key = (token: string) => `accepted/${token}.json`;

  async function find(token: string): Promise<AcceptedRequest | null> {
    if (!requestToken.safeParse(token).success) return null;
    const content = await store.readIfThere(key(token));
    return content === null ? null : parseArtifact(key(token), content, acceptedRequest);
  }

  return {
    find,
    async note(request) {
      if (await store.create(key(request.token), JSON.stringify(request))) return request;
      return (await find(request.token)) ?? request;
    },
  };
}
