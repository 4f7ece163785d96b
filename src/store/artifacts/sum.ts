import { createHash } from 'node:crypto';

/** Lets bytes through, counting and hashing them. */
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
    /** Once all bytes went through. */
    total: () => ({ bytes, sha256: hash.digest('hex') }),
  };
}
