import { describe, expect, it } from 'vitest';
import { baseOf, prefixOf, trustOf, withoutPrefix } from '../../producers/http/public-address.ts';

const direct = { publicUrl: null, trustedProxies: [] };
const behind = { publicUrl: null, trustedProxies: ['127.0.0.1', '10.0.0.0/8', 'fd00::/8'] };
const fixed = { publicUrl: 'https://mlops.example/cxone', trustedProxies: [] };

const request = (headers: Record<string, string> = {}, remoteAddress = '127.0.0.1') => ({
  headers,
  protocol: 'http' as const,
  host: 'localhost:3000',
  raw: { socket: { remoteAddress } },
});

describe('the address of the server', () => {
  it('is that of the request, or PUBLIC_URL', () => {
    expect(baseOf(request(), direct)).toBe('http://localhost:3000');
    expect(baseOf(request(), fixed)).toBe('https://mlops.example/cxone');
    expect(prefixOf(request({ 'x-forwarded-prefix': '/other' }), fixed)).toBe('/cxone');
  });

  it('has the prefix that a trusted proxy names', () => {
    expect(baseOf(request({ 'x-forwarded-prefix': '/mlops/' }), behind)).toBe('http://localhost:3000/mlops');
    expect(prefixOf(request({ 'x-forwarded-prefix': '/a/b' }, '10.1.2.3'), behind)).toBe('/a/b');
    expect(prefixOf(request({ 'x-forwarded-prefix': '/mlops' }, '11.1.2.3'), behind)).toBe('');
    expect(prefixOf(request({ 'x-forwarded-prefix': '/mlops' }), direct)).toBe('');
  });

  it.each(['//evil.example', '/a"><script>', '/a/../b', '/..', 'mlops', '/a//b', '/a?b', `/${'a'.repeat(101)}`])(
    'has no prefix that is not a plain path: %s',
    prefix => {
      expect(prefixOf(request({ 'x-forwarded-prefix': prefix }), behind)).toBe('');
    },
  );
});

it.each([
  ['127.0.0.1', true],
  ['::ffff:127.0.0.1', true],
  ['10.255.0.1', true],
  ['fd12::1', true],
  ['127.0.0.2', false],
  ['::1', false],
  ['', false],
])('the proxy at "%s" is trusted: %s', (address, isTrusted) => {
  expect(trustOf(behind)(address)).toBe(isTrusted);
});

it.each([
  ['/cxone/v1/jobs/a?b=c', '/v1/jobs/a?b=c'],
  ['/cxone', '/'],
  ['/cxone?x', '/?x'],
  ['/cxone/', '/'],
  ['/cxonelike/v1', '/cxonelike/v1'],
  ['/v1/jobs', '/v1/jobs'],
])('%s is answered as %s', (url, own) => {
  expect(withoutPrefix(url, fixed)).toBe(own);
  expect(withoutPrefix(url, direct)).toBe(url);
});
