import { expect, it } from 'vitest';
import { optionsOf, placeOf, urlProblem } from '../../src/redis/url.ts';

it.each([
  ['redis://localhost', { host: 'localhost', port: 6379 }],
  ['redis://127.0.0.1:7000/3', { host: '127.0.0.1', port: 7000, db: 3 }],
  ['redis://[::1]:7000', { host: '::1', port: 7000 }],
  [
    'rediss://us%40er:p%2Fa%3Ass@host:6380',
    { host: 'host', port: 6380, username: 'us@er', password: 'p/a:ss', tls: {} },
  ],
  ['redis://:secret@host', { host: 'host', port: 6379, password: 'secret' }],
  ['unix:/run/redis.sock', { path: '/run/redis.sock' }],
  ['unix:///run/redis.sock', { path: '/run/redis.sock' }],
  [
    'redis-sentinel://app:p%40ss@one:26379,two/main/2',
    {
      name: 'main',
      db: 2,
      sentinels: [
        { host: 'one', port: 26379 },
        { host: 'two', port: 26379 },
      ],
      username: 'app',
      password: 'p@ss',
      sentinelUsername: 'app',
      sentinelPassword: 'p@ss',
    },
  ],
])('%s', (url, options) => {
  expect(urlProblem(url)).toBeNull();
  expect(optionsOf(url)).toEqual(options);
});

it.each([
  ['http://localhost', 'redis://'],
  ['localhost:6379', 'redis://'],
  ['redis://host/x', 'database number'],
  ['redis://host/-1', 'database number'],
  ['redis://u:a#b@host', 'percent-encode'],
  ['redis-sentinel://one:26379', 'MASTER'],
  ['redis-cluster://one:7000,two:7000', 'Cluster'],
  ['unix:relative', 'unix:/PATH'],
])('%s is refused', (url, named) => {
  expect(urlProblem(url)).toContain(named);
});

it('shows where a Redis is without its login', () => {
  expect(placeOf('redis://user:secret@host:6379/1')).toBe('redis://host:6379/1');
  expect(placeOf('redis-sentinel://user:secret@one:1,two:2/main')).toBe('redis-sentinel://one:1,two:2/main');
});
