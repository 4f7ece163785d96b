import type { ErrorTerms } from './entry.ts';

/** Errors of the platform and of webhook receivers. */
export const platformErrors = {
  CREDENTIALS_REFUSED: {
    verdict: 'final',
    http: 500,
    exit: 1,
    meaning: 'The platform rejected the client id and secret',
    remedy:
      'Set valid credentials (`<SERVICE>_CLIENT_ID` and `_SECRET`, or `CXONE_…`), restart the workers, then `jobs retry --code CREDENTIALS_REFUSED`',
  },
  SCOPE_MISSING: {
    verdict: 'final',
    http: 500,
    exit: 1,
    meaning: 'The OAuth client lacks a permission; the message names the scopes',
    remedy: 'Grant the scopes to the client, then `jobs retry --code SCOPE_MISSING`',
  },
  PLATFORM_REFUSED: {
    verdict: 'final',
    http: 500,
    exit: 1,
    meaning:
      'The platform rejected the request (400, 422, another 4xx or a redirect), or a proxy did; the message quotes the answer',
    remedy: 'Fix what the message names, then try again',
  },
  PLATFORM_NOT_FOUND: {
    verdict: 'final',
    http: 500,
    exit: 1,
    meaning: 'The platform answered 404',
    remedy: 'Check the service’s base URL, and that the requested object still exists there',
  },
  PLATFORM_WRONG_SHAPE: {
    verdict: 'final',
    http: 500,
    exit: 1,
    meaning: 'The platform’s answer does not match its schema: a wrong host, a proxy’s page, or a changed API',
    remedy: 'Check the service’s base URL; if the API has changed, update cxone-mlops',
  },
  /** Answered 5xx, or the answer was lost: the request may have taken effect. */
  PLATFORM_UNAVAILABLE: {
    verdict: 'retry',
    http: 500,
    exit: 1,
    meaning: 'The platform answered 408, 425 or 5xx, or broke off the connection, in every attempt',
    remedy: 'Wait until it is available, then `jobs retry --code PLATFORM_UNAVAILABLE`',
  },
  /** Timed out: the request may still take effect. */
  PLATFORM_SILENT: {
    verdict: 'retry',
    http: 500,
    exit: 1,
    meaning: 'The platform did not answer in time in any attempt; the request may still take effect',
    remedy: 'Wait until it is available, check what it has done, then `jobs retry --code PLATFORM_SILENT`',
  },
  /** No connection was made: nothing was sent. */
  PLATFORM_UNREACHABLE: {
    verdict: 'retry',
    http: 500,
    exit: 1,
    meaning: 'No connection to the platform could be made in any attempt',
    remedy: 'Check network, proxy and base URL, then `jobs retry --code PLATFORM_UNREACHABLE`',
  },
  /** The TLS handshake failed: nothing was sent. */
  PLATFORM_UNTRUSTED: {
    verdict: 'final',
    http: 500,
    exit: 1,
    meaning: 'The certificate of the platform is not trusted, or its port does not speak TLS; nothing was sent',
    remedy:
      'Set `NODE_EXTRA_CA_CERTS` to the file of your certificate authority, or fix what the message names; restart, then `jobs retry --code PLATFORM_UNTRUSTED`',
  },
  AUDIT_TRAIL_LOOPS: {
    verdict: 'final',
    http: 500,
    exit: 1,
    meaning: 'A page of the platform’s audit trail leads back to an earlier one',
    remedy: 'Report it to the platform, then export again; the output file was not changed',
  },
  DOWNLOAD_BROKEN: {
    verdict: 'retry',
    http: 500,
    exit: 1,
    meaning: 'The download of a model file broke off in every attempt',
    remedy: 'Check the network, then `jobs retry --code DOWNLOAD_BROKEN`',
  },
  DOWNLOAD_REFUSED: {
    verdict: 'final',
    http: 500,
    exit: 1,
    meaning: 'A download link leads to a place that is not allowed, or its file is larger than `MODEL_FILE_MAX_MB`',
    remedy: 'Report the link to the platform, or raise `MODEL_FILE_MAX_MB`; then `jobs retry --code DOWNLOAD_REFUSED`',
  },
  DOWNLOAD_EXPIRED: {
    verdict: 'retry',
    http: 500,
    exit: 1,
    meaning: 'The platform rejected a new download link of a model file',
    remedy:
      'Check the clock (`doctor`) and that the files still exist on the platform, then `jobs retry --code DOWNLOAD_EXPIRED`',
  },
  WEBHOOK_UNCERTAIN: {
    verdict: 'final',
    http: 500,
    exit: 1,
    meaning: 'It is unknown whether the platform registered a webhook: the answer was lost',
    remedy: 'Look for it on the platform, then run `webhook register` with `--attach ID` or `--resubmit`',
  },
  WEBHOOK_REFUSED: {
    verdict: 'final',
    http: 500,
    exit: 1,
    meaning: 'The webhook’s receiver rejected the message (a 4xx or a redirect), or the webhook has no URL',
    remedy: 'Check the receiver’s log and the webhook’s URL and secret, then `jobs retry --code WEBHOOK_REFUSED`',
  },
  WEBHOOK_UNAVAILABLE: {
    verdict: 'retry',
    http: 500,
    exit: 1,
    meaning: 'The webhook’s receiver was unreachable or answered 5xx in every attempt',
    remedy: 'Start the receiver, then `jobs retry --code WEBHOOK_UNAVAILABLE`',
  },
} as const satisfies Record<string, ErrorTerms>;
