import { createServer } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { proxyFor, proxyNameFor } from '../../src/platform/proxy.ts';
import { openTransport } from '../../src/platform/transport.ts';
import { codedBy } from '../thrown.ts';
import { json, listening, wireServer } from './wire-server.ts';

const target = 'https://acme.cxone.com/oauth/token';
const signal = new AbortController().signal;

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('the proxy of a URL', () => {
  it.each<[string, Record<string, string>, object | false]>([
    ['is none by default', {}, false],
    ['is that of its scheme', { HTTPS_PROXY: 'http://p:3128' }, { protocol: 'http:', host: 'p', port: 3128 }],
    ['is not that of the other scheme', { HTTP_PROXY: 'http://p:3128' }, false],
    ['may be that of all', { ALL_PROXY: 'http://p' }, { protocol: 'http:', host: 'p', port: 80 }],
    [
      'may be in lower case, which comes first',
      { https_proxy: 'http://a:1', HTTPS_PROXY: 'http://b:2' },
      { protocol: 'http:', host: 'a', port: 1 },
    ],
    [
      'without a scheme is http',
      { HTTPS_PROXY: 'p.example:3128' },
      { protocol: 'http:', host: 'p.example', port: 3128 },
    ],
    ['may speak TLS', { HTTPS_PROXY: 'https://p.example' }, { protocol: 'https:', host: 'p.example', port: 443 }],
    [
      'has a percent-encoded login',
      { HTTPS_PROXY: 'http://us%40er:p%3A%2F%23s@p:3128' },
      { protocol: 'http:', host: 'p', port: 3128, auth: { username: 'us@er', password: 'p:/#s' } },
    ],
    [
      'may have an IPv6 address',
      { HTTPS_PROXY: 'http://[fd00::1]:3128' },
      { protocol: 'http:', host: 'fd00::1', port: 3128 },
    ],
  ])('%s', (_, environment, proxy) => {
    expect(proxyFor(target, environment).proxy).toEqual(proxy);
  });

  it.each([
    ['*', true],
    ['acme.cxone.com', true],
    ['.cxone.com', true],
    ['*.cxone.com', true],
    ['cxone.com', true],
    ['other.com, ACME.CXONE.COM', true],
    ['acme.cxone.com:443', true],
    ['acme.cxone.com:8443', false],
    ['one.com', false],
    ['', false],
  ])('with NO_PROXY=%s: direct is %s', (exempt, isDirect) => {
    const environment = { HTTPS_PROXY: 'http://p:3128', NO_PROXY: exempt };
    expect(proxyFor(target, environment).proxy === false).toBe(isDirect);
  });

  it.each([
    ['https://10.1.2.3/x', '10.0.0.0/8', true],
    ['https://10.1.2.3/x', '10.1.2.3', true],
    ['https://10.1.2.3/x', '10.1.2.0/24,11.0.0.0/8', true],
    ['https://10.1.3.3/x', '10.1.2.0/24', false],
    ['https://10.1.2.3/x', '10.1.2.3/99', false],
    ['https://[fd00::5]/x', 'fd00::/8', true],
  ])('%s with NO_PROXY=%s: direct is %s', (url, exempt, isDirect) => {
    const environment = { HTTPS_PROXY: 'http://p:3128', NO_PROXY: exempt };
    expect(proxyFor(url, environment).proxy === false).toBe(isDirect);
  });

  it.each(['http://127.0.0.1:1/x', 'http://127.0.0.9/x', 'http://localhost/x', 'http://[::1]/x'])(
    'is never used for this machine: %s',
    url => {
      expect(proxyFor(url, { HTTP_PROXY: 'http://p:3128' })).toEqual({ proxy: false });
    },
  );

  it.each(['socks5://user:hush@p:1080', 'http://us%er:hush@p', 'http://', 'ftp://hush@p'])(
    'that cannot be used is named, without its value: %s',
    async value => {
      const error = await codedBy(async () => proxyFor(target, { HTTPS_PROXY: value }));
      expect(error).toMatchObject({ code: 'BAD_CONFIG', verdict: 'final' });
      expect(error.message).toContain('HTTPS_PROXY');
      expect(error.message).not.toContain('hush');
    },
  );

  it('is named by host, port and variable', () => {
    expect(proxyNameFor(target, { https_proxy: 'http://user:hush@p:3128' })).toBe('p:3128 (https_proxy)');
  });
});

describe('a proxy', () => {
  /** A proxy that answers plain requests itself and leads tunnels to `port`. */
  async function proxy(login: string, port = 0) {
    const seen: { kind: 'plain' | 'tunnel'; target: string; login: string }[] = [];
    const loginOf = (header = '') => Buffer.from(header.replace(/^Basic /, ''), 'base64').toString('utf8');
    const server = createServer((request, response) => {
      const given = loginOf(request.headers['proxy-authorization']);
      seen.push({ kind: 'plain', target: request.url ?? '', login: given });
      json({ through: 'proxy' }, given === login ? 200 : 407)(request, response);
    });
    server.on('connect', (request, client) => {
      const given = loginOf(request.headers['proxy-authorization']);
      seen.push({ kind: 'tunnel', target: request.url ?? '', login: given });
      client.on('error', () => undefined);
      if (given !== login) return void client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      const upstream = connect(port, '127.0.0.1', () => {
        client.write('HTTP/1.1 200 OK\r\n\r\n');
        upstream.pipe(client).pipe(upstream);
      });
      upstream.on('error', () => client.destroy());
    });
    return { seen, port: await listening(server) };
  }

  const get = (url: string) => {
    const transport = openTransport();
    return transport.send({ name: 'x', method: 'GET', url, signal }).finally(() => transport.close());
  };

  it('gets the decoded login, with special characters', async () => {
    const through = await proxy('us@er:p:/#s');
    vi.stubEnv('http_proxy', `us%40er:p%3A%2F%23s@127.0.0.1:${through.port}`);
    expect(await get('http://platform.invalid/x?y=1')).toMatchObject({ status: 200, body: { through: 'proxy' } });
    expect(through.seen).toEqual([{ kind: 'plain', target: 'http://platform.invalid/x?y=1', login: 'us@er:p:/#s' }]);
  });

  it.each(['http', 'https'])('that refuses the login is named, for %s', async scheme => {
    const through = await proxy('right:one');
    vi.stubEnv(`${scheme}_proxy`, `http://user:hush-4f1c@127.0.0.1:${through.port}`);
    const error = await codedBy(() => get(`${scheme}://platform.invalid/x`));
    expect(error).toMatchObject({ code: 'PLATFORM_REFUSED', verdict: 'final', status: 407 });
    expect(error.message).toContain(`127.0.0.1:${through.port} (${scheme}_proxy)`);
    expect(error.message).not.toContain('hush');
    expect(through.seen[0]?.login).toBe('user:hush-4f1c');
  });

  it('that is not there is named', async () => {
    vi.stubEnv('http_proxy', 'http://127.0.0.1:9');
    const error = await codedBy(() => get('http://platform.invalid/x'));
    expect(error).toMatchObject({ code: 'PLATFORM_UNREACHABLE', verdict: 'retry' });
    expect(error.message).toContain('127.0.0.1:9 (http_proxy)');
  });

  it('is not used for hosts of NO_PROXY', async () => {
    const { url, seen } = await wireServer(json({ direct: true }));
    vi.stubEnv('http_proxy', 'http://127.0.0.1:9');
    vi.stubEnv('no_proxy', '127.0.0.1');
    expect((await get(url)).body).toEqual({ direct: true });
    expect(seen).toHaveLength(1);
  });
});
