import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { connectRedis } from '../../src/redis/connect.ts';

let server: Server;
const sockets = new Set<{ destroy(): void }>();

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  server.close();
  await once(server, 'close');
});

/** A server that answers each command by `answer`, in the protocol of Redis. */
async function serverThat(answer: (command: string) => string): Promise<string> {
  server = createServer(socket => {
    sockets.add(socket);
    socket.on('data', data => {
      // The client sends arrays of bulk strings: the first one is the command.
      for (const part of String(data).split(/(?=^\*\d+\r\n)/m)) {
        const command = /^\*\d+\r\n\$\d+\r\n(\w+)/.exec(part)?.[1]?.toUpperCase();
        if (command !== undefined) socket.write(command === 'HELLO' ? '%0\r\n' : answer(command));
      }
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return `redis://127.0.0.1:${port}`;
}

it('waits for a Redis that is still loading its data', async () => {
  let pings = 0;
  const url = await serverThat(command => {
    if (command === 'PING') return ++pings <= 3 ? '-LOADING Redis is loading the dataset in memory\r\n' : '+PONG\r\n';
    return command === 'EVAL' ? ':1\r\n' : '-NOPERM not allowed\r\n';
  });
  const redis = await connectRedis(url, '', '{test}');
  expect(pings).toBe(4);
  await redis.close();
});

it.each([
  ['-NOAUTH Authentication required.', 'login'],
  ["-ERR unknown command 'eval'", 'Sentinel'],
  ['-NOPERM this user has no permissions', 'may not'],
])('refuses at once what waiting cannot fix: %s', async (reply, named) => {
  const url = await serverThat(command => (command === 'PING' ? '+PONG\r\n' : `${reply}\r\n`));
  await expect(connectRedis(url, '', '{test}')).rejects.toMatchObject({
    code: 'BAD_CONFIG',
    message: expect.stringContaining(named),
  });
});
