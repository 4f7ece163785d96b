/**
 * A process that gets one answer through the shared cache: its arguments are the socket, the prefix, the key, and what
 * the call does: `answer`, or `hang` until the process is killed. It says "calling" when it calls, and then the answer.
 */
import { Redis } from 'ioredis';
import { openAnswers } from '../../src/redis/answers/answers.ts';

const [socket = '', prefix = '', key = '', does = ''] = process.argv.slice(2);
const client = new Redis({ path: socket, maxRetriesPerRequest: null });
const answers = openAnswers(client, prefix, 1_000_000);
const answer = await answers.get(
  key,
  async () => {
    await client.incr(`${prefix}:calls`);
    process.stdout.write('calling\n');
    if (does === 'hang') await new Promise(() => setInterval(() => undefined, 1_000));
    return `answered by ${process.pid}`;
  },
  { signal: new AbortController().signal, isOutage: () => false },
);
process.stdout.write(`${JSON.stringify(answer)}\n`);
answers.close();
client.disconnect();
