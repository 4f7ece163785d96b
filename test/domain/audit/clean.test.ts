import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanDetails, cleanText } from '../../../src/domain/audit/clean.ts';

describe('a cleaned text', () => {
  it.each([
    ['https://s3.example/model.bin?X-Amz-Signature=abc&Expires=1', 'https://s3.example/model.bin'],
    ['HTTPS://Example.com/a#token=abc', 'HTTPS://Example.com/a'],
    ['https://user:p%40ss@example.com:8443/a/b', 'https://example.com:8443/a/b'],
    ['https://a@b@example.com', 'https://example.com'],
    ['https://example.com?sig=a', 'https://example.com'],
    ['https://example.com/a@b', 'https://example.com/a@b'],
    [`https://example.com/x?sig=a'b"c<d`, 'https://example.com/x'],
    [
      'got https://a.example/x?y=1 and http://u:p@b.example, then',
      'got https://a.example/x and http://b.example, then',
    ],
    ['redis://:secret@host:6379/0', 'redis://host:6379/0'],
    ['s3://bucket/key?versionId=1', 's3://bucket/key'],
    ['https:\\\\user:pw@host\\a?b', 'https:\\\\host\\a'],
    ['Authorization: Bearer eyJhbGciOi.abc.def', 'Authorization: Bearer [redacted]'],
    ['what? #1 at 10:30 //not/a/url?x', 'what? #1 at 10:30 //not/a/url?x'],
  ])('%s', (text, wanted) => {
    expect(cleanText(text)).toBe(wanted);
  });

  it('holds nothing of what stood in the query, the fragment or the login of a URL', () => {
    const hidden = fc.stringMatching(/^[A-Za-z0-9%._~&=+'"()[\]<>-]{1,20}$/).map(text => `Q${text}`);
    const path = fc.stringMatching(/^(\/[a-z0-9.]{0,5}){0,3}$/);
    fc.assert(
      fc.property(hidden, hidden, hidden, path, (login, query, fragment, path) => {
        const url = `https://${login.replaceAll('"', '')}@host.example${path}?${query}#${fragment}`;
        expect(cleanText(`(see ${url} there)`)).toBe(`(see https://host.example${path} there)`);
      }),
    );
  });
});

describe('cleaned details', () => {
  it('are cleaned at every depth, names included, and leave out what is called a secret', () => {
    expect(
      cleanDetails({
        urls: ['https://a.example/?x', { deep: [['http://b.example/#y']] }],
        'https://c.example/?z': 1,
        client_secret: 's',
        accessToken: { value: 't' },
        API_KEYS: ['a', 'b'],
        'x-signature': 'v1=abc',
        token: null,
        tokens: 17,
        idempotencyKey: 'abc',
        nothing: null,
        yes: true,
      }),
    ).toEqual({
      urls: ['https://a.example/', { deep: [['http://b.example/']] }],
      'https://c.example/': 1,
      client_secret: '[redacted]',
      accessToken: '[redacted]',
      API_KEYS: '[redacted]',
      'x-signature': '[redacted]',
      token: null,
      tokens: 17,
      idempotencyKey: 'abc',
      nothing: null,
      yes: true,
    });
  });

  it('are cleaned once by being cleaned twice', () => {
    const json = fc.letrec<{ value: string | number | null | object }>(tie => ({
      value: fc.oneof(
        fc.string(),
        fc.webUrl({ withFragments: true, withQueryParameters: true }),
        fc.constantFrom('Bearer abc', 'bearer [x', null, 1),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fc.string(), tie('value'), { maxKeys: 3 }),
      ),
    })).value;
    fc.assert(
      fc.property(json, value => {
        const once = cleanDetails({ value: JSON.parse(JSON.stringify(value)) });
        expect(cleanDetails(once)).toEqual(once);
      }),
    );
  });
});
