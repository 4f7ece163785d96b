import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { openDownloads } from '../../src/platform/download.ts';
import { lookupFor, privateAddress, proveLink } from '../../src/platform/link-rules.ts';
import { codedBy, thrownBy } from '../thrown.ts';
import { listening, wireServer } from './wire-server.ts';

const never = new AbortController().signal;
const publicPlatform = 'https://api.us2-01.cxone.com';

describe('a link', () => {
  it.each([
    ['https://bucket.s3.amazonaws.com/model?sig=hush', publicPlatform],
    ['https://203.0.113.7/model', publicPlatform],
    ['http://127.0.0.1:4000/files/1', 'http://127.0.0.1:4000'],
    ['http://gateway.example:8080/x', 'http://gateway.example:8080/acme'],
    ['https://10.0.0.9/model', 'https://10.0.0.1'],
    ['https://localhost:4001/model', 'http://127.0.0.1:4000'],
  ])('%s of %s may be followed', async (link, platform) => {
    await expect(proveLink(link, { platform })).resolves.toBeUndefined();
  });

  it.each([
    ['http://bucket.s3.amazonaws.com/model?sig=hush', publicPlatform],
    ['http://127.0.0.1:4001/x?sig=hush', 'http://127.0.0.1:4000'],
    ['file:///etc/passwd', publicPlatform],
    ['data:text/plain,hush', publicPlatform],
    ['ftp://files.example/hush', publicPlatform],
    ['https://127.0.0.1/x?sig=hush', publicPlatform],
    ['https://localhost/x', publicPlatform],
    ['https://sub.localhost./x', publicPlatform],
    ['https://169.254.169.254/latest/meta-data', publicPlatform],
    ['https://10.1.2.3/x', publicPlatform],
    ['https://192.168.0.1/x', publicPlatform],
    ['https://172.31.0.1/x', publicPlatform],
    ['https://2130706433/x', publicPlatform],
    ['https://0x7f.1/x', publicPlatform],
    ['https://[::1]/x', publicPlatform],
    ['https://[::ffff:127.0.0.1]/x', publicPlatform],
    ['https://[fd00::1]/x', publicPlatform],
    ['https://[fe80::1]/x', publicPlatform],
  ])('%s of %s is refused for good', async (link, platform) => {
    const error = await codedBy(() => proveLink(link, { platform }));
    expect(error).toMatchObject({ code: 'DOWNLOAD_REFUSED', verdict: 'final' });
    expect(error.message).not.toContain('hush');
  });
});

/** What the lookup for a platform makes of a name of this machine. */
async function lookedUp(platform: string): Promise<string> {
  const lookup = await lookupFor({ platform });
  if (lookup === undefined) return 'not restricted';
  return await new Promise(resolve =>
    lookup('localhost', { all: true }, error => resolve(error === null ? 'found' : (error.code ?? ''))),
  );
}

describe('a name that resolves to a private address', () => {
  it('is not connected to', async () => {
    expect(await lookedUp('https://203.0.113.7')).toBe(privateAddress);
  });

  it('is, where the platform itself has one', async () => {
    expect(await lookedUp('https://10.0.0.1')).toBe('not restricted');
    expect(await lookedUp('http://localhost:4000')).toBe('not restricted');
  });
});

/** Takes a whole file. */
async function take(url: string, platform: string, mostBytes = 100) {
  const chunks: Uint8Array[] = [];
  for await (const chunk of openDownloads(() => ({ platform, mostBytes })).open(async () => url, never))
    chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

describe('a download', () => {
  it('follows redirects of the platform', async () => {
    const { url, seen } = await wireServer(
      (_, response) => void response.writeHead(302, { location: '/moved' }).end(),
      (_, response) => void response.end('the model'),
    );
    expect(await take(`${url}/file`, url)).toBe('the model');
    expect(seen.map(({ path }) => path)).toEqual(['/file', '/moved']);
  });

  it.each(['file:///etc/passwd', 'elsewhere'])('does not follow a redirect to %s', async location => {
    const elsewhere = await wireServer((_, response) => void response.end('secret'));
    const target = location === 'elsewhere' ? `${elsewhere.url}/x?sig=hush` : location;
    const { url } = await wireServer((_, response) => void response.writeHead(302, { location: target }).end());
    const error = await codedBy(() => take(`${url}/file`, url));
    expect(error).toMatchObject({ code: 'DOWNLOAD_REFUSED', verdict: 'final' });
    expect(error.message).not.toContain('hush');
    expect(elsewhere.seen).toEqual([]);
  });

  it('that says that it is too large is refused at once', async () => {
    const { url } = await wireServer(
      (_, response) => void response.writeHead(200, { 'content-length': 101 }).write('x'),
    );
    const error = await codedBy(() => take(url, url));
    expect(error).toMatchObject({ code: 'DOWNLOAD_REFUSED', verdict: 'final' });
    expect(error.message).toContain('MODEL_FILE_MAX_MB');
  });

  it('without an end is left at the limit', async () => {
    const server = createServer((_, response) => {
      const more = () => {
        if (!response.destroyed) response.write('x'.repeat(50), () => setImmediate(more));
      };
      more();
    });
    const url = `http://127.0.0.1:${await listening(server)}`;
    expect(await codedBy(() => take(url, url))).toMatchObject({ code: 'DOWNLOAD_REFUSED', verdict: 'final' });
  });

  it('ends with its caller', async () => {
    const stop = new AbortController();
    const { url } = await wireServer((_, response) => {
      response.writeHead(200, { 'content-length': 50 }).write('x');
      setImmediate(() => stop.abort(new Error('enough')));
    });
    const bytes = openDownloads(() => ({ platform: url, mostBytes: 100 })).open(async () => url, stop.signal);
    const error = await thrownBy(async () => {
      for await (const chunk of bytes) expect(chunk.byteLength).toBe(1);
    });
    expect(error).toMatchObject({ message: 'enough' });
  });
});
