import { ReplyError } from 'ioredis';
import { expect, it } from 'vitest';
import { isFixedByReconnecting, redisError } from '../../src/redis/replies.ts';

it.each([
  ["READONLY You can't write against a read only replica.", 'REDIS_UNAVAILABLE', 'replica', true],
  ['ERR Error running script: @user_script: 3: -READONLY You can not write', 'REDIS_UNAVAILABLE', 'replica', true],
  ['MASTERDOWN Link with MASTER is down', 'REDIS_UNAVAILABLE', 'primary', true],
  ['UNBLOCKED force unblock from blocking operation, instance state changed', 'REDIS_UNAVAILABLE', 'role', true],
  ['LOADING Redis is loading the dataset in memory', 'REDIS_UNAVAILABLE', 'loading', false],
  ["OOM command not allowed when used memory > 'maxmemory'. script: 5c1b", 'REDIS_UNAVAILABLE', 'maxmemory', false],
  ['MISCONF Redis is configured to save RDB snapshots', 'REDIS_UNAVAILABLE', 'disk', false],
  ['CLUSTERDOWN Hash slot not served', 'REDIS_UNAVAILABLE', 'cluster', false],
  ['ERR max number of clients reached', 'REDIS_UNAVAILABLE', 'maxclients', false],
  ["CROSSSLOT Keys in request don't hash to the same slot", 'BAD_CONFIG', 'redis-cluster://', false],
  ['MOVED 3999 127.0.0.1:6381', 'BAD_CONFIG', 'redis-cluster://', false],
  ["NOPERM this user has no permissions to run the 'info' command", 'BAD_CONFIG', 'may not', false],
  ['NOAUTH Authentication required.', 'BAD_CONFIG', 'login', false],
  ['WRONGPASS invalid username-password pair or user is disabled.', 'BAD_CONFIG', 'login', false],
  ['ERR DB index is out of range', 'BAD_CONFIG', 'database', false],
  ["ERR unknown command 'eval', with args beginning with:", 'BAD_CONFIG', 'redis-sentinel://', false],
] as const)('%s', (reply, code, named, reconnects) => {
  const error = new ReplyError(reply);
  expect(redisError(error)).toMatchObject({ code, message: expect.stringContaining(named) });
  expect(isFixedByReconnecting(error)).toBe(reconnects);
});

it.each([new Error('READ the manual'), new TypeError('x is not a function'), 'OOM', undefined])(
  'not of Redis: %s',
  error => {
    expect(redisError(error)).toBeNull();
  },
);
