import type { WrittenInteraction } from '../../src/sandbox/interactions/record.ts';

/** The standing clock of a frozen tenant: a whole second, as a `Date` header has no smaller unit. */
export const noon = '2024-05-15T12:00:00.000Z';

/** What customers write: few texts, so that embedding is quick, some of them near each other. */
const requests = [
  'I want to cancel my subscription',
  'Please cancel my subscription',
  'Where is my parcel?',
  'How do I reset my password?',
  'My internet is down since this morning',
  'Can I speak to a human?',
  'What are your opening hours?',
  'The invoice is wrong',
  'I would like to book a table for four',
  'Do you ship to Norway?',
  'My card was declined',
  'Thank you, that was all',
];

const replies = ['Let me look that up.', 'Done. Is there anything else?', 'I am sorry to hear that.'];
const ratings = [5, 4, null, 2, 5, 4.5, null, 3.9] as const;

export interface ConversationChanges {
  readonly rating?: number | null;
  readonly botId?: string;
  readonly texts?: readonly string[];
}

/** The conversation `id` that began `seconds` before `until`: one exchange, or one per text of the customer. */
export function conversation(
  id: string,
  until: string,
  seconds: number,
  changes: ConversationChanges = {},
): WrittenInteraction {
  const at = (offset: number) => new Date(Date.parse(until) - seconds * 1_000 + offset).toISOString();
  const { rating = 5, botId = 'bot_a', texts = ['Where is my parcel?'] } = changes;
  const messages = texts.flatMap((text, index) => [
    { from: 'user', text, timestamp: at(index * 2) },
    { from: 'bot', text: replies[index % replies.length] ?? '', timestamp: at(index * 2 + 1) },
  ]);
  return { id, timestamp: at(0), botId, rating, messages };
}

/**
 * `c0001` (the newest, a minute before `until`), `c0002` …: of two bots, of all kinds of ratings, with one or two
 * exchanges, `spacing` seconds apart.
 */
export function conversations(count: number, { until = noon, spacing = 60, prefix = 'c' } = {}): WrittenInteraction[] {
  return Array.from({ length: count }, (_, index) => {
    const text = requests[(index * 7) % requests.length] ?? '';
    const second = requests[(index * 5 + 3) % requests.length] ?? '';
    return conversation(`${prefix}${String(index + 1).padStart(4, '0')}`, until, 60 + index * spacing, {
      rating: ratings[index % ratings.length] ?? null,
      botId: index % 2 === 0 ? 'bot_a' : 'bot_b',
      texts: index % 3 === 0 ? [text, second] : [text],
    });
  });
}
