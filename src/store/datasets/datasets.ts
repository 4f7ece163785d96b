import { z } from 'zod';
import { type Change, change, changeBetween, changed, type VersionSummary } from '../../domain/dataset/change.ts';
import { datasetName } from '../../domain/dataset/identity.ts';
import { type Manifest, manifest, type Part, type PartFile } from '../../domain/dataset/manifest.ts';
import { type KeptRow, keptRow, type RemovedRow, removedRow } from '../../domain/dataset/row.ts';
import { isCoded, MlopsError } from '../../errors.ts';
import { type Fold, type FoldedLog, foldLog } from '../artifacts/folded-log.ts';
import { type Log, type LogFinding, type Numbered, openLog } from '../artifacts/log.ts';
import { sha256Of } from '../artifacts/sealed.ts';
import type { ArtifactStore } from '../artifacts/store.ts';
import { openClaimedIds } from './claimed-ids.ts';

/** The kinds of files that a part has; a file's name is its SHA-256 and the ending of its kind. */
export const fileEndings = {
  kept: 'kept.jsonl',
  removed: 'removed.jsonl',
  vectors: 'vectors.f32',
  taken: 'taken.bin',
} as const;
export type FileKind = keyof typeof fileEndings;
export const fileKinds: readonly FileKind[] = ['kept', 'removed', 'vectors', 'taken'];

/** The datasets of one tenant: each is a folder of part files and a log of versions. */
export interface Datasets {
  names(): Promise<string[]>;
  /** The newest version, `null` for a dataset that does not exist yet. */
  head(dataset: string): Promise<Numbered<Manifest> | null>;
  /**
   * A version of a dataset, by default the newest.
   * @throws MlopsError DATASET_NOT_FOUND, DATASET_DAMAGED
   */
  version(dataset: string, version?: number): Promise<Numbered<Manifest>>;
  /** What made each version, oldest first: it reads the whole log. */
  versions(dataset: string): Promise<Numbered<VersionSummary>[]>;
  /** The last `most` versions up to `until`, oldest first; it reads no others. */
  lastVersions(dataset: string, until: number, most: number): Promise<Numbered<VersionSummary>[]>;
  /** What made a version: it reads that entry alone. @throws MlopsError DATASET_DAMAGED */
  summary(dataset: string, version: number): Promise<VersionSummary>;
  /** The numbers of the versions whose files exist, whole or not. */
  numbers(dataset: string): Promise<number[]>;
  /** What a version changed, even if other ones are damaged. @throws MlopsError DATASET_DAMAGED */
  entry(dataset: string, number: number): Promise<Numbered<Change>>;
  /** Checks only the log of versions, not the files that they name. */
  verifyLog(dataset: string): Promise<LogFinding[]>;
  /** How many versions there are. */
  length(dataset: string): Promise<number>;
  /** When a version was written, in ms since 1970. */
  writtenAt(dataset: string, version: number): Promise<number>;
  /** SHA-256 of a version's log entry, byte for byte as it is stored: it holds that of the entry before it. */
  manifestSha256(dataset: string, version: number): Promise<string>;
  /** Appends a version; `null` if another writer was first. */
  commit(after: number, next: Manifest): Promise<Numbered<Manifest> | null>;
  /** Writes a file of a part under its hash; writing it again has no effect. */
  writeFile(dataset: string, kind: FileKind, content: Uint8Array): Promise<PartFile>;
  /**
   * A part's file, checked against its hash.
   * @throws MlopsError DATASET_DAMAGED naming the file
   */
  readFile(dataset: string, kind: FileKind, file: PartFile): Promise<Buffer>;
  /** Whether turns of an interaction are in the version, or were in a part that a restore dropped. */
  claimedIds(head: Manifest | null): Promise<(id: string) => boolean>;
  /** The kept rows of a part, in the dataset's order. */
  keptRows(dataset: string, part: Part): Promise<KeptRow[]>;
  removedRows(dataset: string, part: Part): Promise<RemovedRow[]>;
}

const root = 'datasets';
const damage = { code: 'DATASET_DAMAGED', remedy: 'Restore the version from a backup of the store' } as const;

export function openDatasets(store: ArtifactStore): Datasets {
  const opened = new Map<string, { readonly log: Log<Change>; readonly folded: FoldedLog<Change, Manifest | null> }>();
  const of = (dataset: string) => {
    const known = opened.get(dataset);
    if (known !== undefined) return known;
    const folder = `${root}/${dataset}/log`;
    const log = openLog(store, folder, change, damage);
    const made = { log, folded: foldLog(store, folder, log, versionFold(`${store.place}/${folder}`)) };
    opened.set(dataset, made);
    return made;
  };
  const summary = async (dataset: string, version: number) =>
    (await of(dataset).log.read(version).catch(missingIsDamage)).entry;
  const fileKey = (dataset: string, kind: FileKind, sha256: string) =>
    `${root}/${dataset}/parts/${sha256}.${fileEndings[kind]}`;

  const claimed = openClaimedIds((dataset, file) => datasets.readFile(dataset, 'taken', file));
  const datasets: Datasets = {
    names: async () => (await store.list(root)).filter(name => datasetName.safeParse(name).success),
    async head(dataset) {
      const { state, length } = await of(dataset).folded.read();
      return state === null ? null : { number: length, entry: state };
    },
    async version(dataset, version) {
      const { state, length: last } = await of(dataset).folded.read();
      if (last === 0) throw notFound(dataset, await datasets.names());
      if (version !== undefined && (version < 1 || version > last))
        throw new MlopsError('DATASET_NOT_FOUND', `${dataset} has the versions 1 to ${last}, not ${version}`);
      const number = version ?? last;
      const entry = number === last ? state : await of(dataset).folded.at(number).catch(missingIsDamage);
      if (entry === null) throw notAVersion(`${store.place}/${root}/${dataset}/log`, number);
      return { number, entry };
    },
    versions: dataset => of(dataset).log.all(),
    async lastVersions(dataset, until, most) {
      const found: Numbered<VersionSummary>[] = [];
      for (let number = Math.max(1, until - most + 1); number <= until; number++)
        found.push({ number, entry: await summary(dataset, number) });
      return found;
    },
    summary,
    numbers: dataset => of(dataset).log.numbers(),
    entry: (dataset, number) => of(dataset).log.read(number),
    verifyLog: dataset => of(dataset).folded.verify(),
    length: dataset => of(dataset).log.length(),
    writtenAt: (dataset, version) => of(dataset).log.writtenAt(version),
    manifestSha256: (dataset, version) => of(dataset).log.sha256(version),
    async commit(after, next) {
      const { state, length } = await of(next.dataset).folded.read();
      if (length !== after) return null;
      const appended = await of(next.dataset).folded.append(after, changeBetween(state, next));
      return appended === null ? null : { number: appended.number, entry: next };
    },

    async writeFile(dataset, kind, content) {
      const sha256 = sha256Of(content);
      await store.create(fileKey(dataset, kind, sha256), content);
      return { sha256, bytes: content.byteLength };
    },

    async readFile(dataset, kind, file) {
      const key = fileKey(dataset, kind, file.sha256);
      const content = await store.readIfThere(key);
      if (content === null) throw damaged(store, key, 'it is missing');
      if (sha256Of(content) !== file.sha256)
        throw damaged(store, key, 'its content does not match the SHA-256 in its name');
      return content;
    },

    claimedIds: head => claimed.of(head),

    async keptRows(dataset, part) {
      return parseLines(await datasets.readFile(dataset, 'kept', part.kept), keptRow);
    },
    async removedRows(dataset, part) {
      return parseLines(await datasets.readFile(dataset, 'removed', part.removed), removedRow);
    },
  };
  return datasets;
}

/** A log's changes, added up to a version; `null` before the first. */
function versionFold(place: string): Fold<Change, Manifest | null> {
  return {
    empty: () => null,
    add(before, each, number) {
      const after = changed(before, each);
      if (after === null) throw notAVersion(place, number);
      return after;
    },
    shape: manifest.nullable(),
  };
}

function notAVersion(place: string, number: number): MlopsError {
  return new MlopsError(
    'DATASET_DAMAGED',
    `${place} is damaged: entry ${number} is not a change of the one before. ${damage.remedy}`,
    {
      where: place,
    },
  );
}

function missingIsDamage(error: unknown): never {
  if (!isCoded(error, 'ARTIFACT_MISSING')) throw error;
  throw new MlopsError('DATASET_DAMAGED', `${error.message}. ${damage.remedy}`, { where: error.where });
}

/** One JSON value a line. */
export function jsonLines(values: readonly unknown[]): Buffer {
  return Buffer.from(values.map(value => `${JSON.stringify(value)}\n`).join(''), 'utf8');
}

export function parseLines<Value>(content: Buffer, shape: z.ZodType<Value>): Value[] {
  const text = content.toString('utf8');
  return z.array(shape).parse(
    text
      .split('\n')
      .filter(line => line !== '')
      .map(line => JSON.parse(line)),
  );
}

function notFound(dataset: string, names: readonly string[]): MlopsError {
  const there = names.length === 0 ? 'no dataset exists yet' : `known datasets: ${names.join(', ')}`;
  return new MlopsError('DATASET_NOT_FOUND', `dataset ${dataset} was not found; ${there}`);
}

function damaged(store: ArtifactStore, key: string, what: string): MlopsError {
  return new MlopsError(
    'DATASET_DAMAGED',
    `${store.place}/${key} is damaged: ${what}. Restore it from a backup, or restore an older version`,
    {
      where: `${store.place}/${key}`,
    },
  );
}
