import { BlockList, isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import type { PublicAddress } from '../../src/config/public-address.ts';

type Incoming = Pick<FastifyRequest, 'headers' | 'protocol' | 'host'> & {
  readonly raw: { readonly socket: { readonly remoteAddress?: string | undefined } };
};

/** Whether the headers of the proxy at an address count. */
export function trustOf({ trustedProxies }: Pick<PublicAddress, 'trustedProxies'>): (address: string) => boolean {
  const trusted = new BlockList();
  for (const each of trustedProxies) {
    const [network = '', bits] = each.split('/');
    const [family, whole] = isIP(network) === 6 ? (['ipv6', 128] as const) : (['ipv4', 32] as const);
    trusted.addSubnet(network, bits === undefined ? whole : Number(bits), family);
  }
  return address => {
    // An IPv4 caller of a socket that listens on IPv6.
    const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
    const version = isIP(plain);
    return version !== 0 && trusted.check(plain, version === 6 ? 'ipv6' : 'ipv4');
  };
}

/** This server's URL as the caller addresses it, without a trailing slash, for links in answers. */
export function baseOf(request: Incoming, address: PublicAddress): string {
  return address.publicUrl ?? `${request.protocol}://${request.host}${prefixOf(request, address)}`;
}

/** The path in front of this server's own paths, such as `/mlops`; empty without one. */
export function prefixOf({ headers, raw }: Pick<Incoming, 'headers' | 'raw'>, address: PublicAddress): string {
  if (address.publicUrl !== null) return pathOf(address.publicUrl);
  const given = headers['x-forwarded-prefix'];
  if (typeof given !== 'string' || !trustOf(address)(raw.socket.remoteAddress ?? '')) return '';
  const prefix = given.replace(/\/+$/, '');
  return plainPath.test(prefix) && !/\/\.{1,2}(\/|$)/.test(prefix) ? prefix : '';
}

/** No character that needs escaping in a page or a header. */
const plainPath = /^(\/[A-Za-z0-9._~-]{1,100}){1,10}$/;

function pathOf(url: string): string {
  return new URL(url).pathname.replace(/\/+$/, '');
}

/** Takes the path of `publicUrl` off a request's URL: some proxies pass it on, others take it off themselves. */
export function withoutPrefix(url: string, { publicUrl }: Pick<PublicAddress, 'publicUrl'>): string {
  const prefix = publicUrl === null ? '' : pathOf(publicUrl);
  if (prefix === '' || !url.startsWith(prefix)) return url;
  const rest = url.slice(prefix.length);
  if (rest === '' || rest.startsWith('?')) return `/${rest}`;
  return rest.startsWith('/') ? rest : url;
}
