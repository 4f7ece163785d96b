import { z } from 'zod';
import { nameOfEntry, numberOfName, type Position } from './log-entry.ts';
import { sealJson, unsealJson } from './sealed.ts';
import type { ArtifactStore } from './store.ts';

/** The state of a log after its entries up to `position`. */
export interface Checkpoint<State> {
  readonly position: Position;
  readonly state: State;
}

/** A checkpoint's file; `found` is `null` if it is damaged. */
export interface CheckpointFile<State> {
  readonly key: string;
  readonly found: Checkpoint<State> | null;
}

/** The checkpoints beside a log, each named by the number of its last entry. They can be recreated. */
export interface Checkpoints<State> {
  key(number: number): string;
  /** `null` if there is none, or it is damaged. */
  read(number: number): Promise<Checkpoint<State> | null>;
  /** Writes one, and removes all but the one before it. If it fails, a later reader writes one. */
  write(checkpoint: Checkpoint<State>, every: number): Promise<void>;
  list(): Promise<CheckpointFile<State>[]>;
}

export function openCheckpoints<State>(
  store: ArtifactStore,
  folder: string,
  shape: z.ZodType<State>,
): Checkpoints<State> {
  const key = (number: number) => `${folder}/${nameOfEntry(number)}`;
  const envelope = z.strictObject({ number: z.int().positive(), sha256: z.string(), state: shape });

  async function read(number: number): Promise<Checkpoint<State> | null> {
    const bytes = await store.readIfThere(key(number));
    const parsed = bytes === null ? undefined : envelope.safeParse(unsealJson(bytes)).data;
    if (parsed === undefined || parsed.number !== number) return null;
    return { position: { number, sha256: parsed.sha256 }, state: parsed.state };
  }

  async function numbers(): Promise<number[]> {
    return (await store.list(folder)).map(numberOfName).filter(number => number !== null);
  }

  return {
    key,
    read,
    async write({ position, state }, every) {
      try {
        await store.replace(key(position.number), sealJson({ ...position, state }));
        const old = (await numbers()).filter(number => number < position.number - every);
        for (const number of old) await store.remove(key(number));
      } catch {
        // No permission to write, or a full disk: the log works without a checkpoint.
      }
    },
    async list() {
      return await Promise.all(
        (await numbers()).map(async number => ({ key: key(number), found: await read(number) })),
      );
    },
  };
}
