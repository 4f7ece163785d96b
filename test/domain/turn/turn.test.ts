import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Interaction } from '../../../src/domain/interaction/interaction.ts';
import { compareTurns, extractTurns, type Turn } from '../../../src/domain/turn/turn.ts';

const timestamp = '2024-05-15T13:17:21.123Z';
type Message = Interaction['messages'][number];

const message = (from: string, text: string): Message => ({ from, text, timestamp });
const conversation = (messages: Message[]): Interaction => ({
  id: 'c1',
  timestamp,
  botId: 'bot_a',
  rating: 5,
  messages,
});
const said = (messages: Message[]) =>
  extractTurns(conversation(messages), 5).map(turn => [turn.userUtterance, turn.botResponse]);

/** The rule of the script that people run today, line by line. */
function scriptTurns(messages: readonly Message[]): [string, string][] {
  const structuredTurns: [string, string][] = [];
  let userUtterance = '';
  for (const msg of messages) {
    const text = msg.text.trim();
    if (!text || !['user', 'bot'].includes(msg.from)) continue;
    if (msg.from === 'user') userUtterance = text;
    else if (msg.from === 'bot' && userUtterance) {
      structuredTurns.push([userUtterance, text]);
      userUtterance = '';
    }
  }
  return structuredTurns;
}

describe('extractTurns', () => {
  it('pairs a bot text with the latest user text that has no answer yet', () => {
    expect(
      said([
        message('user', 'a'),
        message('user', ' b '),
        message('bot', 'c\n'),
        message('bot', 'd'),
        message('user', 'e'),
        message('bot', 'f'),
      ]),
    ).toEqual([
      ['b', 'c'],
      ['e', 'f'],
    ]);
  });

  it('passes over empty texts and other senders', () => {
    expect(
      said([
        message('user', 'a'),
        message('agent', 'x'),
        message('bot', ' \t\n'),
        message('user', ''),
        message('Bot', 'y'),
        message('bot', 'b'),
      ]),
    ).toEqual([['a', 'b']]);
    expect(said([message('bot', 'hello'), message('user', 'bye')])).toEqual([]);
    expect(said([])).toEqual([]);
  });

  it('numbers the turns and carries what they belong to', () => {
    const turns = extractTurns(
      conversation([message('user', 'a'), message('bot', 'b'), message('user', 'c'), message('bot', 'd')]),
      4.5,
    );
    expect(turns.map(turn => turn.position)).toEqual([0, 1]);
    expect(turns[1]).toEqual({
      interactionId: 'c1',
      timestamp,
      botId: 'bot_a',
      rating: 4.5,
      position: 1,
      userUtterance: 'c',
      botResponse: 'd',
    });
  });

  it('gives what the script gave', () => {
    const text = fc.oneof(fc.string({ maxLength: 4 }), fc.constantFrom('', ' ', '\n', ' yes ', 'no'));
    const messages = fc.array(
      fc.tuple(fc.constantFrom('user', 'bot', 'agent', 'system', ''), text).map(([from, text]) => message(from, text)),
      { maxLength: 30 },
    );
    fc.assert(fc.property(messages, messages => void expect(said(messages)).toEqual(scriptTurns(messages))));
  });
});

describe('compareTurns', () => {
  const turn = (change: Partial<Turn>): Turn => ({
    interactionId: 'm',
    timestamp,
    botId: 'b',
    rating: 5,
    position: 0,
    userUtterance: 'u',
    botResponse: 'r',
    ...change,
  });

  it('puts the newest first, then the lower id, then the earlier turn', () => {
    const newer = turn({ timestamp: '2024-05-15T13:17:21.124Z', interactionId: 'z', position: 9 });
    const [first, second, third] = [
      turn({ interactionId: 'a', position: 7 }),
      turn({ interactionId: 'b', position: 0 }),
      turn({ interactionId: 'b', position: 1 }),
    ];
    expect([third, second, newer, first].sort(compareTurns)).toEqual([newer, first, second, third]);
  });

  it('compares ids by code unit, in no locale', () => {
    const ids = ['Z', 'a', 'é', 'ä', 'B', '\u{1F600}', '\uFF5E', '10', '9', ''];
    const sorted = ids
      .map(interactionId => turn({ interactionId }))
      .sort(compareTurns)
      .map(each => each.interactionId);
    expect(sorted).toEqual(['', '10', '9', 'B', 'Z', 'a', 'ä', 'é', '\u{1F600}', '\uFF5E']);
  });

  it('is one order, whatever order the turns come in', () => {
    const turns = fc.array(
      fc
        .record({
          timestamp: fc.constantFrom('2024-05-15T13:17:21.123Z', '2024-05-15T13:17:21.122Z'),
          interactionId: fc.string({ maxLength: 2 }),
          position: fc.nat(2),
        })
        .map(turn),
    );
    fc.assert(
      fc.property(turns, turns => {
        const sorted = [...turns].sort(compareTurns);
        expect([...turns].reverse().sort(compareTurns)).toEqual(sorted);
        for (const [index, each] of sorted.slice(1).entries()) {
          const before = sorted[index] ?? each;
          expect(compareTurns(before, each)).toBeLessThanOrEqual(0);
          expect(compareTurns(each, before)).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});
