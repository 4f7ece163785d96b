import { BlockList, isIP } from 'node:net';
import { MlopsError } from '../errors.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** An HTTP proxy, in the form that axios takes. */
export interface Proxy {
  /** With a colon. */
  readonly protocol: string;
  readonly host: string;
  readonly port: number;
  /** Percent-decoded. */
  readonly auth?: { readonly username: string; readonly password: string };
}

/** The proxy for a URL, as the environment sets it; `false`: the URL is reached directly. */
export function proxyFor(url: string, environment: Environment = process.env): { readonly proxy: Proxy | false } {
  return { proxy: proxySetting(url, environment)?.proxy ?? false };
}

/** The variable that sets the proxy for a URL, and the proxy's host and port, for messages. It holds no login. */
export function proxyNameFor(url: string, environment: Environment = process.env): string | null {
  const setting = proxySetting(url, environment);
  return setting === null ? null : `${setting.proxy.host}:${setting.proxy.port} (${setting.variable})`;
}

/** @throws MlopsError BAD_CONFIG if the variable is not the URL of an HTTP proxy; its value may hold a login and is not shown */
function proxySetting(url: string, environment: Environment): { variable: string; proxy: Proxy } | null {
  const target = new URL(url);
  if (isLoopback(target.hostname) || isExempt(target, variableOf(environment, 'NO_PROXY')?.value ?? '')) return null;
  const own = target.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const set = variableOf(environment, own) ?? variableOf(environment, 'ALL_PROXY');
  return set === null ? null : { variable: set.name, proxy: parseProxy(set) };
}

interface Variable {
  readonly name: string;
  readonly value: string;
}

/** The lower-case spelling comes first, as in curl. */
function variableOf(environment: Environment, name: string): Variable | null {
  for (const each of [name.toLowerCase(), name]) {
    const value = environment[each]?.trim();
    if (value !== undefined && value !== '') return { name: each, value };
  }
  return null;
}

const defaultPorts: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

function parseProxy({ name, value }: Variable): Proxy {
  const text = value.includes('://') ? value : `http://${value}`;
  const parsed = URL.canParse(text) ? new URL(text) : null;
  const port = parsed === null ? undefined : defaultPorts[parsed.protocol];
  const login = parsed === null ? null : loginOf(parsed);
  if (parsed === null || port === undefined || login === undefined || parsed.hostname === '')
    throw new MlopsError(
      'BAD_CONFIG',
      `${name} is not the URL of an HTTP proxy. Set it to http://HOST:PORT or http://USER:PASSWORD@HOST:PORT, with special characters in the login percent-encoded; SOCKS proxies are not supported`,
    );
  return {
    protocol: parsed.protocol,
    host: parsed.hostname.replace(/^\[|\]$/g, ''),
    port: parsed.port === '' ? port : Number(parsed.port),
    ...(login === null ? {} : { auth: login }),
  };
}

/** `null` if there is none, `undefined` if it cannot be decoded. */
function loginOf({ username, password }: URL): NonNullable<Proxy['auth']> | null | undefined {
  if (username === '' && password === '') return null;
  try {
    return { username: decodeURIComponent(username), password: decodeURIComponent(password) };
  } catch {
    return undefined;
  }
}

/** The sandbox of this machine is never reached through a proxy. */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** Entries are separated by commas or spaces: `*`, a domain (with its subdomains), an address or a CIDR block, with or without a port. */
function isExempt(target: URL, list: string): boolean {
  const port = target.port === '' ? defaultPorts[target.protocol] : Number(target.port);
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(entry => entry !== '')
    .some(entry => {
      if (entry === '*') return true;
      const [, host = entry, wantedPort] = /^(\[[^\]]+\]|[^:]+):(\d{1,5})$/.exec(entry) ?? [];
      return (wantedPort === undefined || Number(wantedPort) === port) && isWithin(target.hostname, host);
    });
}

function isWithin(hostname: string, entry: string): boolean {
  const address = hostname.replace(/^\[|\]$/g, '');
  const version = isIP(address);
  const plain = entry.replace(/^\[|\]$/g, '');
  if (version === 0) {
    const domain = plain.replace(/^\*?\./, '');
    return hostname === domain || hostname.endsWith(`.${domain}`);
  }
  const [network = '', bits] = plain.split('/');
  if (isIP(network) !== version) return false;
  const kind = version === 4 ? 'ipv4' : 'ipv6';
  const block = new BlockList();
  const length = bits === undefined ? (version === 4 ? 32 : 128) : Number(bits);
  if (!Number.isInteger(length) || length < 0 || length > (version === 4 ? 32 : 128)) return false;
  block.addSubnet(network, length, kind);
  return block.check(address, kind);
}
