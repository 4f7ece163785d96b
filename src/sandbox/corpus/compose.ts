import type { WrittenInteraction } from '../interactions/record.ts';
import { hash, Random } from '../kernel/random.ts';
import { appointments } from './bots/appointments.ts';
import { billing } from './bots/billing.ts';
import { internet } from './bots/internet.ts';
import { orders } from './bots/orders.ts';
import { travel } from './bots/travel.ts';
import { type Bindings, expand } from './grammar.ts';
import { type Hand, handOf, typed } from './noise.ts';
import { agentReplies, apologies, complaints, farewells, oddTexts, systemNotes, welcomes } from './oddities.ts';
import type { BotTemplates, Flow, Step } from './templates.ts';

export const bots: readonly BotTemplates[] = [billing, internet, appointments, orders, travel];

/** A message before it has a time. `text` null is what the platform logs for an attachment. */
interface Line {
  readonly from: string;
  readonly text: string | null;
}

interface Talk {
  readonly bot: BotTemplates;
  readonly flow: Flow;
  readonly hand: Hand;
  readonly bindings: Bindings;
  readonly random: Random;
}

/** The id of the `n`-th invented conversation: the same with every start. */
export function composedId(n: number): string {
  const half = (salt: string): string => hash('built-in', n, salt).toString(16).padStart(8, '0');
  return `int_${half('high')}${half('low')}`;
}

/** What may be settled beforehand about an invented conversation. */
export interface Given {
  readonly id?: string;
  readonly bot?: BotTemplates;
}

/** The `n`-th invented conversation, begun at `at` (milliseconds since the epoch). */
export function compose(n: number, at: number, given: Given = {}): WrittenInteraction {
  const random = new Random('built-in', n);
  const drawn = random.pick(bots);
  const bot = given.bot ?? drawn;
  const flow = random.weighted(bot.flows.map(value => ({ weight: value.weight, value })));
  const talk: Talk = { bot, flow, hand: handOf(random), bindings: new Map(), random };
  const pleased = random.chance(0.75);
  const lines = odd(conversation(talk, pleased), random);
  return {
    id: given.id ?? composedId(n),
    timestamp: new Date(at).toISOString(),
    botId: bot.botId,
    rating: ratingOf(pleased, random),
    messages: timed(lines, at, random),
  };
}

function conversation(talk: Talk, pleased: boolean): Line[] {
  const { bot, flow, random } = talk;
  const greeting: Line[] = random.chance(0.6) ? [{ from: 'bot', text: random.pick(bot.greetings) }] : [];
  // Some leave before the end; so the first request is what a log holds most of.
  const steps = flow.steps.slice(0, random.chance(0.35) ? 1 : flow.steps.length);
  return [...greeting, ...steps.flatMap((step, index) => exchange(talk, step, index === 0)), ...ending(talk, pleased)];
}

/** What the customer says, in one message or several, and what the bot answers; it may have been asked too late. */
function exchange(talk: Talk, step: Step, isFirst: boolean): Line[] {
  const { bot, flow, random } = talk;
  const asked = said(talk, random.pick(step.user));
  const tellsMore = isFirst && flow.language === undefined && random.chance(0.3);
  const aside = tellsMore ? said(talk, random.pick(bot.asides)) : null;
  const answer: Line = { from: 'bot', text: expand(random.pick(step.bot), bot.slots, talk.bindings, random) };

  if (aside === null) return [asked, answer];
  if (random.chance(0.12)) return [asked, aside, answer];
  return [{ from: 'user', text: `${joined(asked.text)} ${aside.text}` }, answer];
}

function said({ bot, flow, hand, bindings, random }: Talk, template: string): { from: 'user'; text: string } {
  const text = expand(template, bot.slots, bindings, random);
  return { from: 'user', text: flow.language === undefined ? typed(text, hand, random) : text };
}

/** A sentence that another one may follow. */
function joined(text: string): string {
  return /[.?!…]$/.test(text.trimEnd()) ? text.trimEnd() : `${text.trimEnd()}.`;
}

function ending(talk: Talk, pleased: boolean): Line[] {
  const { flow, random } = talk;
  if (flow.language !== undefined || !random.chance(0.4)) return [];
  if (pleased) return [said(talk, random.pick(farewells)), { from: 'bot', text: random.pick(welcomes) }];
  const complaint = [said(talk, random.pick(complaints)), { from: 'bot', text: random.pick(apologies) }];
  if (!random.chance(0.5)) return complaint;
  return [
    ...complaint,
    { from: 'system', text: 'Transferred to an agent' },
    { from: 'agent', text: random.pick(agentReplies) },
    said(talk, 'finally, (thanks|a real person)'),
  ];
}

/** Adds the irregularities of real logs: notes, empty messages, attachments, nonsense, empty conversations. */
function odd(lines: Line[], random: Random): Line[] {
  if (random.chance(0.006)) return [];
  const result = [...lines];
  const insert = (line: Line): void => void result.splice(random.below(result.length + 1), 0, line);
  if (random.chance(0.12)) insert({ from: 'system', text: random.pick(systemNotes) });
  if (random.chance(0.04)) insert({ from: 'user', text: random.pick(['', '   ', '\n']) });
  if (random.chance(0.03)) insert({ from: random.pick(['user', 'bot']), text: null });
  if (random.chance(0.04)) {
    const text = random.pick(oddTexts);
    result.push(
      { from: 'user', text },
      { from: 'bot', text: 'Sorry, I did not get that. Could you say it in other words?' },
    );
  }
  return result;
}

/** Most surveys are never answered, and those who answer are very pleased or not at all. */
function ratingOf(pleased: boolean, random: Random): number | null {
  const rating = random.weighted(
    pleased
      ? [
          { weight: 58, value: 5 },
          { weight: 30, value: 4 },
          { weight: 9, value: 3 },
          { weight: 2, value: 2 },
          { weight: 1, value: 1 },
        ]
      : [
          { weight: 4, value: 5 },
          { weight: 12, value: 4 },
          { weight: 22, value: 3 },
          { weight: 20, value: 2 },
          { weight: 42, value: 1 },
        ],
  );
  return random.chance(0.38) ? null : rating;
}

function timed(lines: readonly Line[], at: number, random: Random): WrittenInteraction['messages'] {
  let now = at;
  return lines.map(line => {
    const message = { ...line, timestamp: new Date(now).toISOString() };
    now += line.from === 'bot' ? 4_000 + random.below(25_000) : 400 + random.below(1_800);
    return message;
  });
}
