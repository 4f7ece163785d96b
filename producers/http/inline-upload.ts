import { createHash } from 'node:crypto';
import type { UploadOptions } from '../../src/store/uploads/uploads.ts';
import type { RequestContext } from './flow-route.ts';

/** How inline data is stored: by a ref derived from the request, so that its repetitions store one upload. */
export function inlineOptions({ token, body, caller }: Omit<RequestContext, 'app'>): Required<UploadOptions> {
  return { ref: refOf(token, body), owner: caller.owner };
}

function refOf(token: string, body: string): string {
  const hex = createHash('sha256').update(`${token} ${body}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}

export async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
