import { z } from 'zod';

/** A request as lists show it: all that is known when it is accepted. */
export const listedRequest = z.object({
  /** The id that the caller sees: that of the request's first job. */
  id: z.string(),
  /** The last part of the id. */
  token: z.string(),
  /** The name of its flow. */
  kind: z.string(),
  /** What it works on, such as a dataset or a skill; `null` if it has no name. */
  subject: z.string().nullable(),
  /** The requester: a person, a key or a schedule. */
  by: z.string(),
  /** Whose it is over HTTP: the name of a key, or a login; `null` for a command or a schedule. */
  owner: z.string().nullable(),
  /** When it was accepted. */
  at: z.iso.datetime(),
});
export type ListedRequest = Readonly<z.infer<typeof listedRequest>>;

export const endStates = ['succeeded', 'failed', 'cancelled'] as const;
export type EndState = (typeof endStates)[number];

/** How and when a request ended. */
export const requestEnd = z.object({
  state: z.enum(endStates),
  at: z.iso.datetime(),
  /** The error's code, of a request that failed. */
  code: z.string().optional(),
});
export type RequestEnd = Readonly<z.infer<typeof requestEnd>>;

/** Which requests a list has. What is absent does not matter. */
export interface RequestFilter {
  readonly kind?: string;
  /** `open`: it waits or runs. */
  readonly state?: 'open' | EndState;
  readonly subject?: string;
  /** Only requests of one of these owners. */
  readonly owners?: readonly string[];
  /** Accepted at this time or later, in ms since 1970. */
  readonly since?: number;
}
