import type { Readable } from 'node:stream';

/**
 * Where artifacts live. An artifact is created once and never changed, hints and checkpoints of logs aside:
 * a key that exists holds its final bytes, whole.
 * Keys are relative paths with `/`. The interface asks for no more than S3 can do (`If-None-Match: *`).
 */
export interface ArtifactStore {
  /** The place, for messages to people: a folder or a bucket with prefix. */
  readonly place: string;

  /**
   * The id of the store, which it has from `establish` on; `null` for a new one.
   * @throws MlopsError STORE_UNREADABLE if the store that this process used is gone, or another one is in its place
   */
  id(): Promise<string | null>;

  /** Creates the store and its id, unless they exist: writes never create them. @returns the id */
  establish(): Promise<string>;

  /**
   * Creates `key` atomically and durably, unless it exists.
   * @returns whether this call created it
   * @throws MlopsError STORE_UNWRITABLE with the path and the reason, or STORE_UNREADABLE if the store is gone; nothing
   *   is left behind
   */
  create(key: string, content: string | Uint8Array | Readable): Promise<boolean>;

  /**
   * Replaces `key` atomically, but without the guarantee that it survives a crash: for hints, and for data that can be
   * computed again. Never for an artifact that other data relies on.
   */
  replace(key: string, content: string | Uint8Array): Promise<void>;

  /**
   * The whole content of `key`.
   * @throws MlopsError ARTIFACT_MISSING
   */
  read(key: string): Promise<Buffer>;

  /** As `read`, `null` if there is none. */
  readIfThere(key: string): Promise<Buffer | null>;

  /** `bytes` of `key` from `offset` on, or fewer at its end; `null` if there is no such artifact. */
  readRange(key: string, offset: number, bytes: number): Promise<Buffer | null>;

  /** The content of `key` as a stream, which fails with ARTIFACT_MISSING if there is none. */
  stream(key: string): Readable;

  exists(key: string): Promise<boolean>;

  /** The names directly under `folder` (files and folders), sorted; empty for a missing folder. */
  list(folder: string): Promise<string[]>;

  /** The size of the artifact `key` and when it was created, in ms since 1970; `null` if there is none, or a folder. */
  about(key: string): Promise<About | null>;

  /** Removes a key or a whole folder, if it exists. */
  remove(key: string): Promise<void>;

  /**
   * Unfinished files of killed writers, which `list` does not return, last written to before `before` (ms since 1970).
   */
  leftovers(before: number): AsyncIterable<Leftover>;

  /** A folder or file that other users of the machine can read, `null` if none was found: a sample, not a full search. */
  openToOthers(): Promise<string | null>;

  /** Free space in bytes; `null` if unknown. */
  freeBytes(): Promise<number | null>;
}

export interface About {
  readonly bytes: number;
  readonly at: number;
}

/** A file without a name of its own. */
export interface Leftover {
  readonly place: string;
  readonly bytes: number;
  remove(): Promise<void>;
}
