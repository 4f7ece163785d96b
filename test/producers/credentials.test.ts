import { afterEach, describe, expect, it, vi } from 'vitest';
import { accesses } from '../../producers/http/access.ts';
import { visitorOf } from '../../producers/http/board-access.ts';
import { callerOf } from '../../producers/http/guard.ts';
import { readConfig } from '../../src/config/config.ts';

const login = { user: 'operator', password: 'pass: wörd' };
const config = readConfig(
  {
    API_KEYS: 'first-key, second key',
    BOARD_USER: login.user,
    BOARD_PASSWORD: login.password,
    BOARD_VIEWER_USER: 'viewer',
    BOARD_VIEWER_PASSWORD: 'looks',
  },
  [],
);
const basic = (text: string) => Buffer.from(text).toString('base64');
const caller = (authorization: string) => callerOf({ headers: { authorization } }, config);
const visitor = (authorization: string) => visitorOf({ headers: { authorization } }, config);
const unauthorized = expect.objectContaining({ status: 401 });

afterEach(() => {
  vi.restoreAllMocks();
});

describe('who sends a request', () => {
  it.each([
    'Bearer first-key',
    'bearer  first-key ',
    'BEARER second key',
    `Basic ${basic(`${login.user}:${login.password}`)}`,
    `basic   ${basic(`${login.user}:${login.password}`)}  `,
  ])('%j is let in', authorization => {
    expect(caller(authorization).by).toMatch(/^(key:[0-9a-f]{8}|operator)$/);
    const { by, role } = caller(authorization);
    expect(visitor(authorization)).toEqual({ by, mayChange: role === 'operator' });
  });

  it.each(['', 'Bearer', 'Bearer ', ' Bearer first-key', 'first-key', 'Basic ?', `Bearer ${basic('operator:x')}`])(
    '%j is refused',
    authorization => {
      expect(() => caller(authorization)).toThrow(unauthorized);
      expect(() => visitor(authorization)).toThrow(unauthorized);
    },
  );

  it('may look at the board with the login of a viewer, whose role the routes of the API do not list', () => {
    const authorization = `Basic ${basic('viewer:looks')}`;
    expect(visitor(authorization)).toEqual({ by: 'viewer', mayChange: false });
    expect(caller(authorization).role).toBe('viewer');
    for (const access of ['read', 'request', 'review', 'operate'] as const)
      expect(accesses[access]).not.toContain('viewer');
  });
});

describe('a header of any length', () => {
  const long = 64 * 1024;
  it.each([
    `Bearer ${' '.repeat(long)}x`,
    `Bearer x${' '.repeat(long)}x`,
    `Bearer ${'x '.repeat(long / 2)}`,
    `Basic ${'='.repeat(long)}!`,
    ' '.repeat(long),
    'x'.repeat(long),
  ])('is read without a regular expression, which might backtrack (%#)', authorization => {
    const match = vi.spyOn(RegExp.prototype, 'exec');
    const tried = [caller, visitor].map(ask => {
      try {
        return ask(authorization);
      } catch (error) {
        return error;
      }
    });
    const matches = match.mock.calls.length;
    match.mockRestore();
    expect(tried).toEqual([unauthorized, unauthorized]);
    expect(matches).toBe(0);
  });
});
