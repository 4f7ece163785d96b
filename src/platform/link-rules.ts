import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { lookup as resolve } from 'node:dns/promises';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { MlopsError } from '../errors.ts';

/** What links of the platform may lead to. */
export interface LinkRules {
  /** The base URL of the service that gives the links. */
  readonly platform: string;
  /** Bytes of a file. */
  readonly mostBytes: number;
}

/**
 * Refuses a link that a platform must not make us open: unencrypted, to this machine or its network. The platform's own
 * scheme, host and port are always allowed; private addresses are, if the platform itself has one.
 * @throws MlopsError DOWNLOAD_REFUSED; the link may be a secret, so that only its host is named
 */
export async function proveLink(link: string, { platform }: Pick<LinkRules, 'platform'>): Promise<void> {
  const target = new URL(link);
  if (target.origin === new URL(platform).origin && target.protocol !== 'data:') return;
  if (target.protocol !== 'https:')
    throw refusedLink(
      target,
      `it starts with ${target.protocol}// and does not lead to the platform's own host. Only https is allowed`,
    );
  if (isPrivateName(target.hostname) && !(await isPrivatePlatform(platform)))
    throw refusedLink(target, 'it is an address of this machine or of a private network');
}

function refusedLink(target: URL, why: string): MlopsError {
  return new MlopsError(
    'DOWNLOAD_REFUSED',
    `the link of a model file to ${target.host || target.protocol} is not followed: ${why}. Report it to the platform`,
  );
}

export function tooLargeFile(bytes: number, { mostBytes }: Pick<LinkRules, 'mostBytes'>): MlopsError {
  return new MlopsError(
    'DOWNLOAD_REFUSED',
    `a model file has ${bytes} bytes or more, above the limit of ${mostBytes}: if that is right, raise MODEL_FILE_MAX_MB`,
  );
}

/** The code of an address that the lookup of `publicLookup` refused. */
export const privateAddress = 'PRIVATE_ADDRESS';

/** A lookup for links of this platform: names that resolve to private addresses fail with `privateAddress`. */
export async function lookupFor({ platform }: Pick<LinkRules, 'platform'>): Promise<LookupFunction | undefined> {
  return (await isPrivatePlatform(platform)) ? undefined : publicLookup;
}

const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true } satisfies LookupOptions & { all: true }, (error, addresses) => {
    if (error !== null) return callback(error, '', 4);
    if (addresses.some(isPrivate))
      return callback(Object.assign(new Error('resolves to a private address'), { code: privateAddress }), '', 4);
    const [first] = addresses;
    if (options.all === true) return callback(null, addresses);
    return callback(null, first?.address ?? '', first?.family ?? 4);
  });
};

async function isPrivatePlatform(platform: string): Promise<boolean> {
  const { hostname } = new URL(platform);
  if (isPrivateName(hostname)) return true;
  if (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0) return false;
  const addresses = await resolve(hostname, { all: true }).catch((): LookupAddress[] => []);
  return addresses.some(isPrivate);
}

/** An address literal of a private network, or a name of this machine. */
function isPrivateName(hostname: string): boolean {
  const address = hostname.replace(/^\[|\]$/g, '');
  const family = isIP(address);
  if (family === 0) return /^(.+\.)?localhost\.?$/.test(hostname);
  return isPrivate({ address, family });
}

const networks: readonly (readonly [string, number, 'ipv4' | 'ipv6'])[] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'],
  ['::', 127, 'ipv6'],
  ['64:ff9b::', 96, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
];
const blocked = new BlockList();
for (const [network, bits, family] of networks) blocked.addSubnet(network, bits, family);

function isPrivate({ address, family }: LookupAddress): boolean {
  // An IPv4 address written as IPv6, which reaches the same host.
  if (family === 6 && /^::ffff:/i.test(address)) return true;
  return blocked.check(address, family === 6 ? 'ipv6' : 'ipv4');
}
