/** How large an answer may be. */
export interface AnswerBounds {
  /** Bytes, unpacked. */
  readonly bytes: number;
  /** Objects, arrays and their members. */
  readonly values: number;
}

/** For lists of conversations and evaluations: a page of 200 long conversations has a few megabytes. */
export const largeAnswer: AnswerBounds = { bytes: 64 * 1024 * 1024, values: 2_000_000 };
export const usualAnswer: AnswerBounds = { bytes: 8 * 1024 * 1024, values: 200_000 };

/** Deeper than any answer of the platform, and safe for recursive readers. */
const mostDepth = 64;

/** The body of an answer: a value, or the reason why it has none. */
export type ParsedBody =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'not-json'; readonly why: string }
  | { readonly kind: 'too-large'; readonly why: string };

/** Parses the text of an answer. A text that would take too much memory or stack as values is not parsed. */
export function parseBody(text: string, { values }: AnswerBounds): ParsedBody {
  const { depth, members, strangeWord } = structureOf(text);
  if (depth > mostDepth) return { kind: 'too-large', why: `nested ${depth} levels deep (limit: ${mostDepth})` };
  if (members > values) return { kind: 'too-large', why: `more than ${values} values` };
  try {
    return { kind: 'json', value: JSON.parse(text) };
  } catch {
    return { kind: 'not-json', why: whyNotJson(text, strangeWord) };
  }
}

/** Words that other languages write into JSON. Other text is not shown: it may be a customer's. */
const knownWords: readonly string[] = ['NaN', 'Infinity', 'undefined', 'None', 'True', 'False'];

function whyNotJson(text: string, strangeWord: StrangeWord | null): string {
  const start = text.trimStart();
  if (start === '') return 'it is empty';
  if (start.startsWith('<')) return 'it is a page of HTML or XML';
  if (strangeWord !== null && knownWords.includes(strangeWord.word))
    return `it has ${strangeWord.word} at character ${strangeWord.at + 1}`;
  return 'it is cut off or not JSON at all';
}

interface StrangeWord {
  readonly word: string;
  /** 0-based. */
  readonly at: number;
}

interface Structure {
  readonly depth: number;
  readonly members: number;
  /** The first word outside of strings that JSON does not have. */
  readonly strangeWord: StrangeWord | null;
}

const code = (character: string) => character.charCodeAt(0);
const quote = code('"');
const backslash = code('\\');
const comma = code(',');
const opening: readonly number[] = [code('['), code('{')];
const closing: readonly number[] = [code(']'), code('}')];
const [openBracket, openBrace, closeBracket, closeBrace] = [...opening, ...closing];

/** One pass over the text; what is in strings does not count. */
function structureOf(text: string): Structure {
  let depth = 0;
  let deepest = 0;
  let members = 0;
  let strangeWord: StrangeWord | null = null;
  for (let at = 0; at < text.length; at++) {
    const each = text.charCodeAt(at);
    if (each === quote) at = endOfString(text, at);
    else if (each === comma) members++;
    else if (each === openBracket || each === openBrace) {
      members++;
      depth++;
      if (depth > deepest) deepest = depth;
    } else if (each === closeBracket || each === closeBrace) depth--;
    else if (isLetter(each)) {
      const end = endOfWord(text, at);
      const word = text.slice(at, Math.min(end, at + 20));
      if (strangeWord === null && !/^(true|false|null|[eE])$/.test(word)) strangeWord = { word, at };
      at = end - 1;
    }
  }
  return { depth: deepest, members, strangeWord };
}

/** The place of the closing quote, or the end of the text. */
function endOfString(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length) {
    const each = text.charCodeAt(at);
    if (each === quote) return at;
    at += each === backslash ? 2 : 1;
  }
  return at;
}

function endOfWord(text: string, from: number): number {
  let at = from;
  while (at < text.length && isLetter(text.charCodeAt(at))) at++;
  return at;
}

function isLetter(each: number): boolean {
  return (each >= 65 && each <= 90) || (each >= 97 && each <= 122);
}
