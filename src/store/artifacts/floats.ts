/** The float32 values that `content` holds, little-endian, in their own memory. */
export function floats(content: Uint8Array): Float32Array {
  const own = new Uint8Array(content.byteLength);
  own.set(content);
  return new Float32Array(own.buffer);
}

/** The bytes of `values`, little-endian, like all supported machines. */
export function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
