import { expect, it } from 'vitest';
import { readReason, writeReason } from '../../src/runtime/failure-reason.ts';

it.each(['BAD_INPUT', 'CANCELLED', 'ABORTED', 'INTERNAL', 'OTHER'])(
  'a reason of %s is read as it was written',
  code => {
    const reason = { code, message: 'line 3: "a: b"\nis wrong' };
    expect(readReason(writeReason(reason))).toEqual(reason);
  },
);

it.each(['job stalled more than allowable limit', 'Error: x', 'BAD_INPUT', 'bad: x', ''])(
  'what has no code is OTHER, with its whole text: %j',
  text => {
    expect(readReason(text)).toEqual({ code: 'OTHER', message: text });
  },
);
