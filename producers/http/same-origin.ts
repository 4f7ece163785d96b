import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../../src/app/app.ts';
import { type HttpAccess, isOpen } from '../../src/config/http.ts';
import type { PublicAddress } from '../../src/config/public-address.ts';
import { Refused } from './problem.ts';
import { answerProblem } from './problem-answers.ts';

const loopbackNames: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

type Incoming = Pick<FastifyRequest, 'method' | 'headers'> & {
  /** The host as a trusted proxy was addressed; by default that of the `Host` header. */
  readonly host?: string;
};
type Access = Parameters<typeof isOpen>[0] & Pick<HttpAccess, 'allowedHosts'> & Pick<PublicAddress, 'publicUrl'>;

/**
 * Refuses what a page of another origin makes a browser send. Browsers send logins and reach loopback by themselves, so
 * neither proves that the user asked.
 * @throws Refused 403 for a change from another origin; 421 for a host name that is not this server's
 */
export function proveOrigin(request: Incoming, access: Access): void {
  const { host = '' } = request.headers;
  const hosts = [host, request.host ?? host];
  const publicHost = access.publicUrl === null ? null : new URL(access.publicUrl).host;
  // Without a login, a page whose own name resolves to 127.0.0.1 has this server's origin, so the host name is checked.
  if (isOpen(access)) {
    const allowed = [...access.allowedHosts, ...(publicHost === null ? [] : [nameOf(publicHost)])];
    for (const each of hosts) proveHost(each, allowed);
  }
  const own = [...hosts, ...(publicHost === null ? [] : [publicHost])].map(each => each.toLowerCase());
  if (isChange(request) && isFromElsewhere(request, own))
    throw new Refused(403, 'cross-origin', 'A page of another origin sent this change. Send it from this origin');
}

export function originGuard({ config, logger }: Pick<App, 'config' | 'logger'>) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    try {
      proveOrigin(request, config);
    } catch (error) {
      await answerProblem(error, reply, logger);
    }
  };
}

export function isChange({ method }: Pick<FastifyRequest, 'method'>): boolean {
  return method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS';
}

function proveHost(host: string, allowed: readonly string[]): void {
  const name = nameOf(host);
  if (loopbackNames.includes(name) || allowed.includes(name)) return;
  const detail =
    'This host name is not accepted without a login. Use localhost, or add the name to ALLOWED_HOSTS or PUBLIC_URL';
  throw new Refused(421, 'misdirected-request', detail);
}

function nameOf(host: string): string {
  return host.toLowerCase().replace(/:\d{1,5}$/, '');
}

/** Clients that are not browsers send neither header. @param own the hosts that this server is reached by */
function isFromElsewhere({ headers }: Incoming, own: readonly string[]): boolean {
  const site = headers['sec-fetch-site'];
  // `none`: the user's own doing, such as a bookmark.
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const { origin } = headers;
  if (origin === undefined) return false;
  // The scheme is not compared: behind a proxy that ends TLS it differs.
  return !URL.canParse(origin) || !own.includes(new URL(origin).host);
}
