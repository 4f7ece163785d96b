import type { RedisOptions } from 'ioredis';

/** Options of a connection. */
export type ConnectionOptions = Omit<RedisOptions, 'replyMapping'>;

/**
 * Where the Redis of a URL is, as ioredis takes it: `redis://`, `rediss://`, `unix:`, or
 * `redis-sentinel://[user:password@]HOST:PORT,…/MASTER[/DB]` (`rediss-sentinel://` with TLS). The login is the one of
 * Redis and of the Sentinels.
 */
export function optionsOf(url: string): ConnectionOptions {
  if (url.startsWith('unix:')) return { path: decodeURI(url.replace(/^unix:(\/\/)?/, '')) };
  const sentinel = sentinelOf(url);
  return sentinel === null ? addressOf(url) : sentinel;
}

/** Where a Redis is, without the login that its URL may hold. */
export function placeOf(url: string | null): string {
  if (url === null) return 'the embedded socket';
  return url.replace(/^([a-z-]+:\/\/)[^/]*@/, '$1').replace(/\?.*$/, '');
}

function addressOf(url: string): ConnectionOptions {
  const { protocol, hostname, port, username, password, pathname } = new URL(url);
  const db = pathname.slice(1);
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1') || 'localhost',
    port: port === '' ? 6379 : Number(port),
    ...loginOf(username, password),
    ...(db === '' ? {} : { db: Number(db) }),
    ...(protocol === 'rediss:' ? { tls: {} } : {}),
  };
}

const sentinelForm = /^(rediss?)-sentinel:\/\/(?:([^@/]*)@)?([^/@]+)\/([^/]+)(?:\/(\d+))?$/;

function sentinelOf(url: string): ConnectionOptions | null {
  const [, scheme, login, hosts, master, db] = sentinelForm.exec(url) ?? [];
  if (hosts === undefined || master === undefined) return null;
  const [user = '', password = ''] = login === undefined ? [] : splitOnce(login, ':');
  const own = loginOf(user, password);
  const isSafe = scheme === 'rediss';
  return {
    name: decodeURIComponent(master),
    sentinels: hosts.split(',').map(hostAndPort),
    ...own,
    ...(own.username === undefined ? {} : { sentinelUsername: own.username }),
    ...(own.password === undefined ? {} : { sentinelPassword: own.password }),
    ...(db === undefined ? {} : { db: Number(db) }),
    ...(isSafe ? { tls: {}, sentinelTLS: {}, enableTLSForSentinelMode: true } : {}),
  };
}

function loginOf(user: string, password: string): Pick<RedisOptions, 'username' | 'password'> {
  return {
    ...(user === '' ? {} : { username: decodeURIComponent(user) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
  };
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function hostAndPort(text: string): { host: string; port: number } {
  const [, host = text, port = '26379'] = /^(.*?)(?::(\d+))?$/.exec(text) ?? [];
  return { host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(port) };
}

/** What is wrong with the text of a URL; `null` if nothing is. */
export function urlProblem(url: string): string | null {
  const schemes = 'redis://, rediss://, unix:, redis-sentinel:// or rediss-sentinel://';
  if (url.startsWith('unix:')) return url.replace(/^unix:(\/\/)?/, '').startsWith('/') ? null : 'must be unix:/PATH';
  if (/^rediss?-cluster:/.test(url))
    return 'names a Redis Cluster, which is not supported yet: use a single Redis or a Sentinel';
  if (/^rediss?-sentinel:/.test(url))
    return sentinelForm.test(url) ? null : 'must be redis-sentinel://[USER:PASSWORD@]HOST:PORT,…/MASTER[/DB]';
  if (!/^rediss?:\/\//.test(url)) return `must be a URL that starts with ${schemes}`;
  if (!URL.canParse(url)) return 'is not a valid URL: percent-encode special characters of the password';
  const { pathname, hash, search } = new URL(url);
  if (hash !== '') return 'must not have a fragment: write "#" in a password as %23';
  if (search !== '') return 'must not have a query';
  if (!/^\/?\d{0,5}$/.test(pathname)) return 'must end in a database number, as in redis://HOST:PORT/0';
  return null;
}
