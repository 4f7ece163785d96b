import type { Code } from './errors.ts';

/** What a code means, and what to do about it. `docs/errors.md` is this table. */
export interface Cure {
  readonly meaning: string;
  readonly cure: string;
}

export const remedies: Readonly<Record<Code, Cure>> = {
  BAD_INPUT: {
    meaning: 'What was given (an option, a file, a body) is wrong; the message names the place',
    cure: 'Mend it there and ask again; nothing was changed',
  },
  BAD_CONFIG: {
    meaning: 'A variable of the environment is wrong or missing, or something that must be installed is',
    cure: 'Set or mend what the message names, then start again; `doctor` checks all of it',
  },
  BAD_PAYLOAD: {
    meaning: 'A job in the queue has data that is no payload of it: added by hand, or by another version',
    cure: 'Discard it (`jobs discard`) and ask for the work by a command or the API',
  },
  CREDENTIALS_REFUSED: {
    meaning: 'The platform does not take our client id and secret',
    cure: 'Set the right ones (`<SERVICE>_CLIENT_ID` and `_SECRET`, or `CXONE_…`), restart the workers, `jobs retry --code CREDENTIALS_REFUSED`',
  },
  SCOPE_MISSING: {
    meaning: 'The OAuth client may not do what was asked; the message names the scopes',
    cure: 'Grant the scopes to the client, then `jobs retry --code SCOPE_MISSING`',
  },
  PLATFORM_REFUSED: {
    meaning: 'The platform answered 400, 422 or another refusal; the message quotes it',
    cure: 'Mend what it names and ask again',
  },
  PLATFORM_NOT_FOUND: {
    meaning: 'The platform answered 404',
    cure: 'Check the service’s base URL, and that what was asked for still exists there',
  },
  PLATFORM_WRONG_SHAPE: {
    meaning: 'An answer is not what the platform answers: another host, a proxy’s page, a change of its API',
    cure: 'Check the service’s base URL; if the API has changed, this system must be updated',
  },
  PLATFORM_UNAVAILABLE: {
    meaning: 'The platform answered 5xx, or broke off, in all tries',
    cure: 'Wait until it is back, then `jobs retry --code PLATFORM_UNAVAILABLE`',
  },
  PLATFORM_SILENT: {
    meaning: 'The platform gave no answer in time, in all tries; what was asked for may still be done',
    cure: 'Wait until it is back, look what it has done, then `jobs retry --code PLATFORM_SILENT`',
  },
  PLATFORM_UNREACHABLE: {
    meaning: 'No connection to the platform was made, in all tries',
    cure: 'Check network, proxy and base URL, then `jobs retry --code PLATFORM_UNREACHABLE`',
  },
  DOWNLOAD_BROKEN: {
    meaning: 'A model’s file could not be fetched whole, in all tries',
    cure: 'Check the network, then `jobs retry --code DOWNLOAD_BROKEN`',
  },
  DOWNLOAD_EXPIRED: {
    meaning: 'A fresh link to a model’s file was refused',
    cure: 'Check the clock (`doctor`) and that the files still exist on the platform, then retry',
  },
  DATASET_MISMATCH: {
    meaning: 'The run’s parameters or model are not those that the dataset was made with',
    cure: 'Leave the option out, or start another dataset',
  },
  DATASET_DAMAGED: {
    meaning: 'A file of a dataset is missing or altered; the message names it',
    cure: 'Bring it back from a backup, or `dataset restore` an older version; `dataset verify` shows what is damaged',
  },
  DATASET_NOT_FOUND: {
    meaning: 'There is no dataset, or no version, of that name',
    cure: 'Look at `dataset list`',
  },
  WINDOW_UNSTABLE: {
    meaning: 'Rows of the interaction log come and go while it is read: it cannot be shown to be complete',
    cure: 'Curate again when it is quieter; a new run is opened',
  },
  WINDOW_TOO_LARGE: {
    meaning: 'The window has more rows than one run takes',
    cure: 'Start a new dataset with a later `--since`',
  },
  TOO_MANY_REJECTS: {
    meaning: 'More than 5 % of the records are no interactions: the platform’s schema seems to have changed',
    cure: 'Look at the rejects that the message names, update this system, curate again',
  },
  RUN_FAILED: {
    meaning: 'What a command waited for has failed; the message holds the cause',
    cure: 'Mend the cause and run the command again: it goes on where it stopped',
  },
  RUN_CLOSED: {
    meaning: 'The run was closed, or a later one was committed first',
    cure: 'Curate again if its rows are missing; the next run takes them',
  },
  RUN_LOG_DAMAGED: {
    meaning: 'An entry of a run’s log is missing or altered; the run counts as closed',
    cure: 'Curate again: a new run is opened',
  },
  RUN_FILE_DAMAGED: {
    meaning: 'A file of an unfinished run was altered; it was removed, to be fetched or computed again',
    cure: 'Look at the disk; curate again if the run has failed',
  },
  CLOCK_SKEWED: {
    meaning: 'The end of a window, or a dataset’s watermark, is minutes after this machine’s clock or the platform’s',
    cure: 'Set this machine’s clock (`doctor` compares it). If it is right, `dataset restore NAME@VERSION --rewind` an earlier version',
  },
  UPLOAD_NOT_FOUND: {
    meaning: 'The uploaded file is not there, or no more (uploads stay for `RETENTION_UPLOADS`)',
    cure: 'Upload it again, and ask again',
  },
  NOTHING_TO_PUSH: {
    meaning: 'No intent of the tuning may be pushed',
    cure: 'The report says why of each: more samples, or intents that the tenant has',
  },
  CHANGE_TOO_LARGE: {
    meaning: 'A threshold in force would move by more than `--max-change`',
    cure: 'Look at the report; if it is right, push with `--force` or a larger `--max-change`',
  },
  PUSH_REFUSED: {
    meaning: 'The platform refused the thresholds; those before stay in force',
    cure: 'Mend what the message names, then tune and push again',
  },
  VERSION_NOT_FOUND: {
    meaning: 'There is no such version of the thresholds, or it was never in force',
    cure: 'Look at `config history`',
  },
  PUSH_LOG_DAMAGED: {
    meaning: 'An entry of the log of pushes is missing or altered; nothing is sent',
    cure: 'Bring the entry that the message names back from a backup of the store; `audit verify` checks it',
  },
  INTENTS_UNSTABLE: {
    meaning: 'The tenant’s list of intents changed during each walk through its pages',
    cure: 'Tune again when nobody edits intents',
  },
  SUBMISSION_UNKNOWN: {
    meaning: 'Nobody knows whether the platform took the training: its answer was lost',
    cure: 'Look for the job there: `train --attach JOBID` if there is one, `train --resubmit` if there is none',
  },
  SUBMISSION_REFUSED: {
    meaning: 'The platform did not take the training',
    cure: 'Mend what the message names, then train anew',
  },
  TRAINING_FAILED: {
    meaning: 'The training failed on the platform',
    cure: 'Look there for the reason, mend it, then train anew',
  },
  TRAINING_CANCELLED: { meaning: 'The training was cancelled', cure: 'Train anew if it is still wanted' },
  TRAINING_TIMED_OUT: {
    meaning: 'The training was not done after `--max-polls` polls',
    cure: '`train --attach JOBID` goes on waiting',
  },
  TRAINING_NOT_FOUND: { meaning: 'There is no such training request', cure: 'Check its id' },
  TRAINING_LOG_DAMAGED: {
    meaning: 'An entry of a training request’s log is missing or altered',
    cure: 'Bring the entry that the message names back from a backup, or start another training',
  },
  REGISTRY_DAMAGED: {
    meaning: 'An entry of the registry of models is missing or altered',
    cure: 'Bring the entry that the message names back from a backup of the store',
  },
  SCHEDULE_LOG_DAMAGED: {
    meaning: 'An entry of the log of schedules is missing or altered; nothing is started by schedule',
    cure: 'Bring the entry that the message names back from a backup of the store',
  },
  WEBHOOK_REFUSED: {
    meaning: 'The receiver of a webhook refused what was posted (a 4xx, or a redirect)',
    cure: 'Look at the receiver’s log and at the URL and secret of the webhook, then `jobs retry --code WEBHOOK_REFUSED`',
  },
  WEBHOOK_UNAVAILABLE: {
    meaning: 'The receiver of a webhook was away or answered 5xx, in all tries',
    cure: 'Bring it back, then `jobs retry --code WEBHOOK_UNAVAILABLE`',
  },
  MODEL_NOT_FOUND: {
    meaning: 'A file of the embedding model is missing',
    cure: 'Install the package again, or let `MODEL_PATH` name a folder that has it; then retry',
  },
  MODEL_DAMAGED: {
    meaning: 'A file of the embedding model is not what its checksum says, or no model',
    cure: 'Install the package again, or fetch the model again; then retry',
  },
  EMBEDDER_CRASHED: {
    meaning: 'The embedding thread ended in the middle of its work, in all tries',
    cure: 'Look at the worker’s memory, then `jobs retry --code EMBEDDER_CRASHED`',
  },
  ARTIFACT_MISSING: {
    meaning: 'A file in the artifact store that must be there is not',
    cure: 'Check that all processes see the same store; ask for the work anew',
  },
  ARTIFACT_DAMAGED: {
    meaning: 'A file in the artifact store is altered or cut off',
    cure: 'Ask for the work again: a new run or request is opened',
  },
  STORE_UNWRITABLE: {
    meaning: 'The artifact store cannot be written: space, rights, a path',
    cure: 'Mend what the message names (make room, let this user write there), then retry',
  },
  STORE_UNREADABLE: {
    meaning: 'The artifact store cannot be read',
    cure: 'Mend what the message names, then retry',
  },
  STORE_TROUBLE: {
    meaning: 'The disk or network file system of the store stumbled, in all tries',
    cure: 'Look at the disk, then `jobs retry --code STORE_TROUBLE`',
  },
  STORE_FOREIGN: {
    meaning: 'This process sees another artifact store than the others on this Redis',
    cure: 'Give all of them one shared `ARTIFACTS_URL`',
  },
  STORE_CONTENDED: {
    meaning: 'Others wrote to the same log all the time',
    cure: 'Retry',
  },
  AUDIT_LOG_DAMAGED: {
    meaning: 'A segment of the audit log is missing or altered',
    cure: 'Bring the segment that the message names back from a backup of the store; `audit verify` lists all',
  },
  TENANT_MISMATCH: {
    meaning: 'A job of another tenant reached this worker, and was not touched',
    cure: 'Give workers and producers the same settings of the platform, and ask again',
  },
  REDIS_UNAVAILABLE: {
    meaning: 'There is no Redis where it should be',
    cure: 'Start it, or mend `REDIS_URL`',
  },
  WORKER_CRASHED_REPEATEDLY: {
    meaning: 'Every worker that took this job died or lost it, 25 times',
    cure: 'Look at the workers’ logs and memory; when it is mended, retry',
  },
  UNKNOWN_OUTCOME: { meaning: 'A fault of this system: a handler returned nonsense', cure: 'Report it' },
  TIMED_OUT: {
    meaning: 'A try of the job took longer than its queue allows, in all tries',
    cure: 'Look at what it waits for (platform, disk, processor), then retry',
  },
  ABORTED: {
    meaning: 'The job was stopped because its worker had to go or lost it',
    cure: 'Nothing: it goes on by itself',
  },
  INTERNAL: {
    meaning: 'A fault of this system, or of the machine, in all tries',
    cure: 'The log has its place; report it, then retry',
  },
};
