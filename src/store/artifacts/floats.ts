/** The float32 values that `content` holds, little-endian, in memory of their own. */
export function floats(content: Uint8Array): Float32Array {
  const own = new Uint8Array(content.byteLength);
  own.set(content);
  return new Float32Array(own.buffer);
}

/** The bytes of `values`, little-endian as every machine that we run on. */
export function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
