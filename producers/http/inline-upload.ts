import { createHash } from 'node:crypto';
import type { RequestContext } from './flow-route.ts';

/** The ref of inline data, derived from the request: repetitions of a request store one upload. */
export function inlineRef({ token, body }: Pick<RequestContext, 'token' | 'body'>): string {
  const hex = createHash('sha256').update(`${token} ${body}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}

export async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
