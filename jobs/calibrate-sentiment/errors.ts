import { defineError } from '../../src/errors/entry.ts';

export const calibrationRefused = defineError({
  code: 'CALIBRATION_REFUSED',
  verdict: 'final',
  http: 500,
  exit: 1,
  meaning: 'The calibration had no effect: the platform rejected it, or it could not be sent',
  remedy: 'Fix what the message names, then run `calibrate` again',
});

export const calibrationBusy = defineError({
  code: 'CALIBRATION_BUSY',
  verdict: 'final',
  http: 500,
  exit: 1,
  meaning: 'The platform answered 503 for 30 minutes: a reweight is running that this system does not know',
  remedy: 'Run `calibrate` again when the reweight has ended',
});

export const calibrationFailed = defineError({
  code: 'CALIBRATION_FAILED',
  verdict: 'final',
  http: 500,
  exit: 1,
  meaning: 'The platform accepted the calibration, but its calibration job failed',
  remedy: 'Look up the reason on the platform, fix it, then run `calibrate` again',
});

export const calibrationUnknown = defineError({
  code: 'CALIBRATION_UNKNOWN',
  verdict: 'final',
  http: 500,
  exit: 1,
  meaning: 'It is unknown whether the platform applied the calibration: the answers to all attempts were lost',
  remedy:
    'Run `jobs retry --code CALIBRATION_UNKNOWN`: it is sent again with the same idempotency key, unless a later calibration was accepted',
});

export const calibrationUntracked = defineError({
  code: 'CALIBRATION_UNTRACKED',
  verdict: 'final',
  http: 500,
  exit: 1,
  meaning: 'The platform accepted the calibration, but its calibration job can no longer be followed',
  remedy: 'Look up the calibration job on the platform',
});

export const calibrationSuperseded = defineError({
  code: 'CALIBRATION_SUPERSEDED',
  verdict: 'final',
  http: 500,
  exit: 1,
  meaning: 'A later calibration was accepted while it was unknown whether this one was applied; it is not sent again',
  remedy: 'None, if the later calibration is intended; otherwise run `calibrate` again',
});

export const calibrationNotFound = defineError({
  code: 'CALIBRATION_NOT_FOUND',
  verdict: 'final',
  http: 404,
  exit: 2,
  meaning: 'This version of the calibration does not exist or was never applied',
  remedy: 'Run `calibrate history` to see the versions',
});
