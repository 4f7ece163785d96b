import type { ErrorTerms } from './entry.ts';

const hidden = 'The artifact store cannot be used at the moment; see the server’s log for the reason';

/** Datasets, the embedding model and the artifact store. */
export const storageErrors = {
  DATASET_DAMAGED: {
    verdict: 'final',
    http: 500,
    exit: 1,
    meaning: 'A file of a dataset is missing or altered; the message names it',
    remedy: 'Restore the file from a backup, or run `dataset restore`; `dataset verify` lists the damage',
  },
  MODEL_NOT_FOUND: {
    verdict: 'final',
    http: 500,
    exit: 2,
    meaning: 'A file of the embedding model is missing',
    remedy: 'Reinstall the package, or set `MODEL_PATH` to a folder that has the file; then retry',
  },
  MODEL_DAMAGED: {
    verdict: 'final',
    http: 500,
    exit: 1,
    meaning: 'A file of a model does not match its checksum or cannot be loaded',
    remedy: 'Reinstall the package, or download the model again; then retry',
  },
  EMBEDDER_CRASHED: {
    verdict: 'retry',
    http: 500,
    exit: 1,
    meaning: 'The embedding thread crashed in every attempt',
    remedy: 'Check the worker’s memory, then `jobs retry --code EMBEDDER_CRASHED`',
  },
  ARTIFACT_MISSING: {
    verdict: 'retry',
    http: 500,
    exit: 1,
    meaning: 'A required file is missing from the artifact store',
    remedy: 'Check that all processes use the same store, then request the work again',
  },
  ARTIFACT_DAMAGED: {
    verdict: 'final',
    http: 500,
    exit: 1,
    meaning: 'A file in the artifact store is altered or truncated',
    remedy: 'Request the work again: it starts from new data',
  },
  STORE_UNWRITABLE: {
    verdict: 'final',
    http: 503,
    exit: 1,
    meaning: 'The artifact store cannot be written: disk space, permissions or a path',
    remedy: 'Fix what the message names (free disk space or grant write permission), then retry',
    retryAfterS: 5,
    publicMessage: hidden,
  },
  STORE_UNREADABLE: {
    verdict: 'final',
    http: 503,
    exit: 1,
    meaning: 'The artifact store cannot be read',
    remedy: 'Fix what the message names, then retry',
    retryAfterS: 5,
    publicMessage: hidden,
  },
  STORE_TROUBLE: {
    verdict: 'retry',
    http: 503,
    exit: 1,
    meaning: 'The disk or network file system of the artifact store failed in every attempt',
    remedy: 'Check the disk, then `jobs retry --code STORE_TROUBLE`',
    retryAfterS: 5,
    publicMessage: hidden,
  },
  STORE_FOREIGN: {
    verdict: 'final',
    http: 500,
    exit: 1,
    meaning: 'This process uses a different artifact store than the other processes on this Redis',
    remedy: 'Set the same shared `ARTIFACTS_URL` for all processes',
    publicMessage: hidden,
  },
  STORE_CONTENDED: {
    verdict: 'retry',
    http: 500,
    exit: 1,
    meaning: 'Other processes kept writing to the same log in every attempt',
    remedy: 'Retry when fewer processes write to it',
    publicMessage: hidden,
  },
} as const satisfies Record<string, ErrorTerms>;
