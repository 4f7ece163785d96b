import { installRedisServer } from '../src/redis/install.ts';

/** Before all tests: the redis-server that many of them start, where the machine has none. */
export default function setup(): void {
  installRedisServer(line => process.stderr.write(`${line}\n`));
}
