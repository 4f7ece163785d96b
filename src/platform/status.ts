import { MlopsError } from '../errors.ts';
import type { Service } from './endpoints.ts';
import type { WireAnswer } from './transport.ts';

/** Request timeout and "too early": gateways send them for requests that may succeed if sent again. */
const transientRefusals: readonly number[] = [408, 425];

/** Whether an answer says that the same request may succeed later. */
export function isTransient(status: number): boolean {
  return status >= 500 || transientRefusals.includes(status);
}

export function isRedirect(status: number): boolean {
  return status >= 300 && status < 400;
}

/** A redirect is never followed, because the request carries a token. Of its target only the host is shown. */
export function redirected(what: string, { name }: Service, { status, headers }: WireAnswer): MlopsError {
  const target = headers.location;
  const leads =
    target === undefined || !URL.canParse(target)
      ? 'to a path of the same host'
      : `to ${new URL(target).host || new URL(target).protocol}`;
  return new MlopsError(
    'PLATFORM_REFUSED',
    `${what} was redirected (${status}) ${leads}; redirects are not followed. If that is the service's address, set ${name.toUpperCase()}_BASE_URL (or CXONE_BASE_URL) to it; otherwise check the proxy or gateway in between`,
    { status },
  );
}
