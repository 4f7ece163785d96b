const powersOfTen = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

const zero = 0x30;
const nine = 0x39;
const point = 0x2e;
const plus = 0x2b;
const minus = 0x2d;
const lowerE = 0x65;
const upperE = 0x45;

/**
 * The number that `bytes` hold from `start` to `end` in decimal or scientific notation, correctly rounded; NaN where they
 * hold none. Up to 15 significant digits are an exact integer, and up to 10^22 so is the power of ten: one division or
 * product of the two is the nearest double (W. D. Clinger, How to read floating point numbers accurately, 1990). What
 * is longer is left to `Number`.
 */
export function parseNumber(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  const sign = bytes[at];
  if (sign === minus || sign === plus) at++;

  let mantissa = 0;
  let digits = 0;
  let significant = 0;
  let decimals = 0;
  let isAfterPoint = false;
  for (; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte >= zero && byte <= nine) {
      digits++;
      if (mantissa > 0 || byte > zero) significant++;
      if (significant <= 15) mantissa = mantissa * 10 + (byte - zero);
      if (isAfterPoint) decimals++;
    } else if (byte === point && !isAfterPoint) isAfterPoint = true;
    else break;
  }
  if (digits === 0) return Number.NaN;

  let exponent = 0;
  if (at < end) {
    if (bytes[at] !== lowerE && bytes[at] !== upperE) return Number.NaN;
    exponent = parseExponent(bytes, at + 1, end);
    if (Number.isNaN(exponent)) return Number.NaN;
  }

  const scale = decimals - exponent;
  if (significant > 15 || scale > 22 || scale < -22) return Number(asciiOf(bytes, start, end));
  const size = scale >= 0 ? mantissa / (powersOfTen[scale] ?? 1) : mantissa * (powersOfTen[-scale] ?? 1);
  return sign === minus ? -size : size;
}

function parseExponent(bytes: Uint8Array, start: number, end: number): number {
  const sign = bytes[start];
  let at = sign === minus || sign === plus ? start + 1 : start;
  if (at >= end) return Number.NaN;
  let exponent = 0;
  for (; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte < zero || byte > nine) return Number.NaN;
    exponent = exponent * 10 + (byte - zero);
  }
  return sign === minus ? -exponent : exponent;
}

function asciiOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
}
