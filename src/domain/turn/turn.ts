import type { Interaction } from '../interaction/interaction.ts';

/** What a customer wrote and what the bot answered to it. */
export interface Turn {
  readonly interactionId: string;
  readonly timestamp: string;
  readonly botId: string;
  readonly rating: number;
  /** Which turn of its interaction it is, from 0. */
  readonly position: number;
  readonly userUtterance: string;
  readonly botResponse: string;
}

/**
 * The turns of an interaction that was rated `rating`: each bot text paired with the latest user text before it that
 * no bot text has answered yet. Texts are trimmed; empty ones and other senders do not count.
 */
export function extractTurns(interaction: Interaction, rating: number): Turn[] {
  const { id: interactionId, timestamp, botId } = interaction;
  const turns: Turn[] = [];
  let userUtterance: string | null = null;
  for (const message of interaction.messages) {
    const text = message.text.trim();
    if (text === '') continue;
    if (message.from === 'user') userUtterance = text;
    if (message.from === 'bot' && userUtterance !== null) {
      turns.push({ interactionId, timestamp, botId, rating, position: turns.length, userUtterance, botResponse: text });
      userUtterance = null;
    }
  }
  return turns;
}

/** The distinct senders of an interaction's messages, as the platform names them; what is too long for a name is left out. */
export function sendersOf({ messages }: Interaction): string[] {
  return [...new Set(messages.map(({ from }) => from))].filter(from => from.length <= 32);
}

/** Newest first, then by id (code units), then as they were said. */
export function compareTurns(a: Turn, b: Turn): number {
  return (
    compareText(b.timestamp, a.timestamp) || compareText(a.interactionId, b.interactionId) || a.position - b.position
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
