const powersOfTen = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

const zero = 0x30;
const nine = 0x39;
const point = 0x2e;
const plus = 0x2b;
const minus = 0x2d;
const lowerE = 0x65;
const upperE = 0x45;

/**
 * As `parseNumber`, for the most common format: digits and a point, ten bytes at most; -1 for all others. Small enough
 * for the compiler to inline it, so that no number is allocated.
 */
export function parseShortNumber(bytes: Uint8Array, start: number, end: number): number {
  if (end - start > 10 || end - start < 2) return -1;
  let mantissa = 0;
  let pointAt = -1;
  for (let at = start; at < end; at++) {
    const digit = (bytes[at] ?? 0) - zero;
    if (digit >= 0 && digit <= 9) mantissa = (mantissa * 10 + digit) | 0;
    else if (bytes[at] === point && pointAt < 0) pointAt = at;
    else return -1;
  }
  return pointAt < 0 ? -1 : mantissa / (powersOfTen[end - 1 - pointAt] ?? 1);
}

/**
 * The number that `bytes` hold from `start` to `end` in decimal or scientific notation, correctly rounded; NaN if they
 * hold none. Up to 15 significant digits are an exact integer, and up to 10^22 so is the power of ten: one division or
 * product of the two is the nearest double (W. D. Clinger, How to read floating point numbers accurately, 1990). Longer
 * numbers are left to `Number`.
 */
export function parseNumber(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  const sign = bytes[at];
  if (sign === minus || sign === plus) at++;

  let mantissa = 0;
  let digits = 0;
  let decimals = 0;
  for (; at < end && isDigit(bytes[at] ?? 0); at++) {
    mantissa = mantissa * 10 + ((bytes[at] ?? 0) - zero);
    digits++;
  }
  if (at < end && bytes[at] === point) {
    at++;
    for (; at < end && isDigit(bytes[at] ?? 0); at++) {
      mantissa = mantissa * 10 + ((bytes[at] ?? 0) - zero);
      decimals++;
    }
  }
  if (digits + decimals === 0) return Number.NaN;

  let exponent = 0;
  if (at < end) {
    if (bytes[at] !== lowerE && bytes[at] !== upperE) return Number.NaN;
    exponent = parseExponent(bytes, at + 1, end);
    if (Number.isNaN(exponent)) return Number.NaN;
  }

  const scale = decimals - exponent;
  // Below 10^15 no digit was lost.
  if (mantissa >= 1e15 || scale > 22 || scale < -22) return Number(asciiOf(bytes, start, end));
  const size = scale >= 0 ? mantissa / (powersOfTen[scale] ?? 1) : mantissa * (powersOfTen[-scale] ?? 1);
  return sign === minus ? -size : size;
}

function isDigit(byte: number): boolean {
  return byte >= zero && byte <= nine;
}

function parseExponent(bytes: Uint8Array, start: number, end: number): number {
  const sign = bytes[start];
  let at = sign === minus || sign === plus ? start + 1 : start;
  if (at >= end) return Number.NaN;
  let exponent = 0;
  for (; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (!isDigit(byte)) return Number.NaN;
    exponent = exponent * 10 + (byte - zero);
  }
  return sign === minus ? -exponent : exponent;
}

function asciiOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
}
