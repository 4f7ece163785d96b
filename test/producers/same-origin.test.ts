import { expect, test } from 'vitest';
import { proveOrigin } from '../../producers/http/same-origin.ts';

const open: Parameters<typeof proveOrigin>[1] = {
  apiKeys: [],
  operatorKeys: [],
  board: null,
  reviewer: null,
  allowedHosts: ['mlops.example'],
  publicUrl: null,
};
const locked = { ...open, apiKeys: [{ name: null, key: 'a key' }] };
const here = 'localhost:3000';

/** The status of the refusal, `null` where there is none. */
function refusal(method: string, headers: Record<string, string>, access = open): number | null {
  try {
    proveOrigin({ method, headers: { host: here, ...headers } }, access);
    return null;
  } catch (error) {
    return error instanceof Error && 'status' in error ? Number(error.status) : 0;
  }
}

test.each([
  ['POST', { 'sec-fetch-site': 'cross-site' }, 403],
  ['PUT', { 'sec-fetch-site': 'same-site', origin: `http://${here}` }, 403],
  ['DELETE', { origin: 'http://evil.example' }, 403],
  ['POST', { origin: 'http://localhost:4000' }, 403],
  ['POST', { origin: 'null' }, 403],
  ['POST', { origin: `http://${here}` }, null],
  ['POST', { 'sec-fetch-site': 'same-origin', origin: `http://${here}` }, null],
  ['POST', {}, null],
  ['GET', { 'sec-fetch-site': 'cross-site', origin: 'http://evil.example' }, null],
])('%s with %o: %s, with and without a login', (method, headers, status) => {
  expect(refusal(method, headers)).toBe(status);
  expect(refusal(method, headers, locked)).toBe(status);
});

test.each([
  ['localhost:3000', null],
  ['127.0.0.1', null],
  ['[::1]:3000', null],
  ['MLOPS.example:3000', null],
  ['evil.example', 421],
  ['localhost.evil.example', 421],
  ['', 421],
])('without a login the host "%s": %s', (host, status) => {
  expect(refusal('GET', { host })).toBe(status);
  expect(refusal('GET', { host }, locked)).toBeNull();
});

test('PUBLIC_URL’s host is accepted, as Host and as Origin', () => {
  const behind = { ...open, publicUrl: 'https://cxone.example:8443/mlops' };
  expect(refusal('GET', { host: 'cxone.example:8443' }, behind)).toBeNull();
  expect(refusal('GET', { host: 'cxone.example' }, behind)).toBeNull();
  expect(refusal('GET', { host: 'cxone.example' })).toBe(421);
  expect(refusal('POST', { origin: 'https://cxone.example:8443' }, behind)).toBeNull();
  expect(refusal('POST', { origin: 'https://cxone.example' }, behind)).toBe(403);
});
