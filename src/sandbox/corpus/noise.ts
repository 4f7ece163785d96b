import type { Random } from '../kernel/random.ts';

/** How one customer types. */
export interface Hand {
  readonly casing: 'as written' | 'lower' | 'upper';
  /** The share of words with a slip of the finger. */
  readonly typos: number;
  readonly abbreviates: boolean;
  readonly endsSentences: boolean;
  /** What goes before and after a text now and then. */
  readonly chatty: boolean;
}

export function handOf(random: Random): Hand {
  return {
    casing: random.weighted([
      { weight: 52, value: 'as written' },
      { weight: 45, value: 'lower' },
      { weight: 3, value: 'upper' },
    ]),
    typos: random.weighted([
      { weight: 70, value: 0 },
      { weight: 23, value: 0.04 },
      { weight: 7, value: 0.12 },
    ]),
    abbreviates: random.chance(0.15),
    endsSentences: random.chance(0.6),
    chatty: random.chance(0.4),
  };
}

const openers = [
  'hi, ',
  'Hello, ',
  'hey ',
  'um ',
  'So, ',
  'ok ',
  'Good morning. ',
  'hi there!! ',
  'sorry, ',
  'Well ',
  'quick question: ',
];
const closers = [
  ' please',
  ' thanks',
  '!!',
  '???',
  ' 🙏',
  ' asap',
  ' 😡',
  ' :(',
  ' pls help',
  '...',
  ' thank you in advance',
  ' lol',
  ' 🤷',
];

const abbreviations: readonly (readonly [RegExp, string])[] = [
  [/\bplease\b/gi, 'pls'],
  [/\byou\b/gi, 'u'],
  [/\bare\b/gi, 'r'],
  [/\bthanks\b/gi, 'thx'],
  [/\btomorrow\b/gi, 'tmrw'],
  [/\bappointment\b/gi, 'appt'],
  [/\baccount\b/gi, 'acct'],
  [/\bbecause\b/gi, 'bc'],
  [/\bI do not know\b/gi, 'idk'],
  [/\binternet\b/gi, 'inet'],
  [/\bmessage\b/gi, 'msg'],
  [/\bdelivery\b/gi, 'dlvry'],
  [/\bwith\b/gi, 'w/'],
  [/\bas soon as possible\b/gi, 'asap'],
];

/** The text as this customer would have typed it. */
export function typed(text: string, hand: Hand, random: Random): string {
  let result = text;
  if (hand.abbreviates) for (const [word, short] of abbreviations) result = result.replaceAll(word, short);
  if (hand.typos > 0)
    result = result.replaceAll(/[A-Za-z]{4,}/g, word => (random.chance(hand.typos) ? slip(word, random) : word));
  if (!hand.endsSentences) result = result.replace(/[.?!]+$/, '');
  if (hand.chatty && random.chance(0.3)) result = random.pick(openers) + result;
  if (hand.chatty && random.chance(0.3)) result += random.pick(closers);
  if (random.chance(0.03)) result = result.replaceAll('. ', '.\n');
  if (random.chance(0.02)) result = ` ${result}  `;
  if (hand.casing === 'lower') return result.toLowerCase();
  return hand.casing === 'upper' ? result.toUpperCase() : result;
}

/** A letter left out, doubled, or swapped with the next one. */
function slip(word: string, random: Random): string {
  const at = 1 + random.below(word.length - 2);
  const [before, letter, next, after] = [word.slice(0, at), word.charAt(at), word.charAt(at + 1), word.slice(at + 2)];
  return random.pick([before + next + after, before + letter + letter + next + after, before + next + letter + after]);
}
