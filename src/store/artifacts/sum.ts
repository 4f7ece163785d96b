import { createHash } from 'node:crypto';

/** Passes bytes through, and counts and hashes them. */
export function openSum() {
  const hash = createHash('sha256');
  let bytes = 0;
  return {
    async *through(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const chunk of content) {
        hash.update(chunk);
        bytes += chunk.byteLength;
        yield chunk;
      }
    },
    /** Valid once all bytes have passed. */
    total: () => ({ bytes, sha256: hash.digest('hex') }),
  };
}
