import type { ErrorTerms } from './entry.ts';

/** Errors in requests and settings. */
export const inputErrors = {
  BAD_INPUT: {
    verdict: 'final',
    http: 422,
    exit: 2,
    meaning: 'An option, file or request body is invalid; the message names the place',
    remedy: 'Correct it and try again; nothing was changed',
  },
  BAD_CONFIG: {
    verdict: 'final',
    http: 503,
    exit: 2,
    meaning: 'An environment variable is missing or invalid, or required software is not installed',
    remedy: 'Fix what the message names, then restart; `doctor` checks the whole configuration',
  },
  BAD_PAYLOAD: {
    verdict: 'final',
    http: 500,
    exit: 1,
    meaning: 'The payload of a job is not valid for its queue: it was added by hand, or by another version',
    remedy: 'Discard it (`jobs discard`) and request the work by a command or the API',
  },
  DATASET_MISMATCH: {
    verdict: 'final',
    http: 409,
    exit: 2,
    meaning: 'The run’s parameters or model differ from those that the dataset was created with',
    remedy: 'Omit the option that differs, or start another dataset',
  },
  DATASET_NOT_FOUND: {
    verdict: 'final',
    http: 404,
    exit: 2,
    meaning: 'The dataset, or this version of it, does not exist',
    remedy: 'Run `dataset list` to see the datasets',
  },
  REQUEST_NOT_FOUND: {
    verdict: 'final',
    http: 404,
    exit: 2,
    meaning: 'No request has this id, or its records have expired',
    remedy: 'Run `requests list` to see the requests',
  },
  REQUEST_ENDED: {
    verdict: 'final',
    http: 409,
    exit: 2,
    meaning: 'The request has already ended',
    remedy: 'Run `requests show ID` to see its result',
  },
  ALERT_NOT_FOUND: {
    verdict: 'final',
    http: 404,
    exit: 2,
    meaning: 'No alert has this id',
    remedy: 'Run `alerts list` to see the alerts; an alert exists once its event has arrived',
  },
  ALERT_CLOSED: {
    verdict: 'final',
    http: 409,
    exit: 2,
    meaning: 'The alert was already confirmed or refuted; the first outcome counts',
    remedy: 'None: the outcome is recorded',
  },
  UPLOAD_NOT_FOUND: {
    verdict: 'final',
    http: 422,
    exit: 2,
    meaning: 'The uploaded file was not found or has expired (uploads are kept for `RETENTION_UPLOADS`)',
    remedy: 'Upload the file again, then repeat the request',
  },
} as const satisfies Record<string, ErrorTerms>;
