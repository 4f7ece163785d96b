/**
 * A process that holds the embedded redis-server of a folder (argv) until its stdin ends. Each line of stdin is a
 * command as a JSON array; each line of stdout its answer, the first one that it holds.
 */
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { connectRedis } from '../../src/redis/connect.ts';

const command = z.tuple([z.string()], z.string());
const say = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`);

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('which folder?');
const redis = await connectRedis(null, folder, '{test:default}');
say('held');
for await (const line of createInterface({ input: process.stdin })) {
  const [name, ...words] = command.parse(JSON.parse(line));
  say(await redis.client.call(name, ...words));
}
await redis.close();
