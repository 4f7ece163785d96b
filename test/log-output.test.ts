import { describe, expect, it } from 'vitest';
import { BoundedOutput } from '../src/log-output.ts';

/** A reader that takes what `room` allows, in bytes. */
function reader(room: number) {
  const state = { room, text: '' };
  const output = new BoundedOutput(bytes => {
    const taken = Math.min(state.room, bytes.length);
    state.text += Buffer.from(bytes.subarray(0, taken)).toString();
    state.room -= taken;
    return taken;
  }, 20);
  return { state, output };
}

describe('log output', () => {
  it('keeps what the reader does not take, and writes it in order later', () => {
    const { state, output } = reader(5);
    output.write('first\n');
    output.write('second\n');
    expect(state.text).toBe('first');
    state.room = 100;
    expect(output.flush()).toBe(true);
    expect(state.text).toBe('first\nsecond\n');
  });

  it('loses lines beyond its bound, and says how many', () => {
    const { state, output } = reader(0);
    for (let line = 0; line < 5; line++) output.write('0123456\n');
    state.room = 1_000;
    output.flush();
    const lines = state.text.trimEnd().split('\n');
    expect(lines.slice(0, 2)).toEqual(['0123456', '0123456']);
    expect(JSON.parse(lines[2] ?? '')).toMatchObject({ level: 'warn', lost: 3 });
    expect(lines).toHaveLength(3);
  });
});
