import { readFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { tlsProblem } from '../../src/platform/tls-failure.ts';
import { openTransport } from '../../src/platform/transport.ts';
import { eventually } from '../eventually.ts';
import { codedBy } from '../thrown.ts';
import { type Answer, json, listening, wireServer } from './wire-server.ts';

const signal = new AbortController().signal;
const fixture = (name: string) => readFileSync(new URL(`fixtures/${name}`, import.meta.url));

function send(url: string, change: { deadlineMs?: number; bounds?: { bytes: number; values: number } } = {}) {
  const { deadlineMs, bounds } = change;
  const transport = openTransport(deadlineMs);
  const request = { name: 'x', method: 'GET', url, signal, ...(bounds === undefined ? {} : { bounds }) } as const;
  return transport.send(request).finally(() => transport.close());
}

const megabyte = 1024 * 1024;
const small = { bytes: megabyte, values: 1_000 };
const text =
  (body: string | Buffer, headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    void response.writeHead(200, headers).end(body);

describe('an answer', () => {
  it('that never ends is left at the deadline', async () => {
    let isLeft = false;
    const { url } = await wireServer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const drip = setInterval(() => response.write(' '), 5);
      response.on('close', () => {
        clearInterval(drip);
        isLeft = true;
      });
    });
    expect(await codedBy(() => send(url, { deadlineMs: 200 }))).toMatchObject({
      code: 'PLATFORM_SILENT',
      verdict: 'retry',
    });
    await eventually(() => isLeft);
  });

  it('that never begins is too', async () => {
    const { url } = await wireServer(() => undefined);
    expect(await codedBy(() => send(url, { deadlineMs: 50 }))).toMatchObject({ code: 'PLATFORM_SILENT' });
  });

  it.each<[string, Answer]>([
    ['too long', text(`"${'x'.repeat(2 * megabyte)}"`)],
    ['a gzip bomb', text(gzipSync(Buffer.alloc(64 * megabyte, 32)), { 'content-encoding': 'gzip' })],
    [
      'without an end',
      (_, response) => {
        response.writeHead(200);
        const more = () => {
          if (!response.destroyed) response.write('x'.repeat(65_536), () => setImmediate(more));
        };
        more();
      },
    ],
    ['of too many values', text(`[${'{},'.repeat(5_000)}{}]`)],
    ['nested too deep', text(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)],
    ['nested too deep by objects', text(`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`)],
  ])('that is %s is refused for good', async (_, answer) => {
    const { url } = await wireServer(answer);
    const error = await codedBy(() => send(url, { bounds: small }));
    expect(error).toMatchObject({ code: 'PLATFORM_WRONG_SHAPE', verdict: 'final' });
    expect(error.message).toContain('too large');
  });

  it('may have brackets and commas in its texts', async () => {
    const body = { text: `${'[{,'.repeat(5_000)}\\"` };
    const { url } = await wireServer(json(body));
    expect((await send(url, { bounds: small })).body).toEqual(body);
  });

  it.each([
    ['{"a": NaN}', 'it has NaN at character 7'],
    ['[1, None]', 'it has None at character 5'],
    ['{"a": "NaN", "b": undefined}', 'it has undefined at character 19'],
    ['<html>secret</html>', 'it is a page of HTML or XML'],
    ['', 'it is empty'],
    ['{"a": "sec', 'it is cut off or not JSON at all'],
    ['a customer said', 'it is cut off or not JSON at all'],
  ])('that is not JSON says what it is, without quoting it: %s', async (body, why) => {
    const { url } = await wireServer(text(body));
    expect((await send(url)).notJson).toBe(why);
  });

  it('that repeats a secret of ours is stored and shown without it', async () => {
    const secrets = ['hush-4f1c9e-"-long', 'token-0123456789ab', 'short'];
    const { url } = await wireServer(json({ error: `a ${secrets[0]} b ${secrets[1]}`, text: 'a short text' }));
    const transport = openTransport();
    const answer = await transport.send({ name: 'x', method: 'GET', url, signal, secrets }).finally(transport.close);
    expect(answer.body).toEqual({ error: 'a [redacted] b [redacted]', text: 'a short text' });
  });

  it('may begin with a byte order mark', async () => {
    const { url } = await wireServer(text(`\ufeff{"a":1e5}`));
    expect(await send(url)).toMatchObject({ body: { a: 100_000 }, notJson: null });
  });
});

describe('TLS', () => {
  it('with a certificate that is not trusted is final, and names the setting', async () => {
    const server = createTlsServer(
      { cert: fixture('self-signed.pem'), key: fixture('self-signed.key') },
      (_, response) => response.end('{}'),
    );
    const error = await codedBy(async () => send(`https://127.0.0.1:${await listening(server)}/x`));
    expect(error).toMatchObject({ code: 'PLATFORM_UNTRUSTED', verdict: 'final' });
    expect(error.message).toContain('NODE_EXTRA_CA_CERTS');
    expect(error.message).toContain('DEPTH_ZERO_SELF_SIGNED_CERT');
  });

  it('with a port that does not speak it is final', async () => {
    const { port } = await wireServer(json({}));
    const error = await codedBy(() => send(`https://127.0.0.1:${port}/x`));
    expect(error).toMatchObject({ code: 'PLATFORM_UNTRUSTED', verdict: 'final' });
    expect(error.message).toContain('http://');
  });

  it('that is cut off is worth a retry', async () => {
    const port = await listening(createTcpServer(socket => socket.destroy()));
    const error = await codedBy(() => send(`https://127.0.0.1:${port}/x`));
    expect(error.verdict).toBe('retry');
  });

  it.each([
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'CERT_HAS_EXPIRED',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'EPROTO',
    'ERR_SSL_WRONG_VERSION_NUMBER',
    'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
    'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
  ])('%s has a remedy', reason => {
    expect(tlsProblem(reason)).toContain('NODE_EXTRA_CA_CERTS');
  });

  it.each(['ECONNRESET', 'ETIMEDOUT', 'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC'])(
    '%s is not a matter of certificates: a request may have been sent',
    reason => {
      expect(tlsProblem(reason)).toBeNull();
    },
  );
});
