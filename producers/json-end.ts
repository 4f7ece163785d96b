/**
 * Where `text` ceases to be JSON (RFC 8259): the offset of the first character that cannot stand where it stands; its
 * length where it ends too early, or is JSON.
 */
export function endOfJson(text: string): number {
  /** What closes the lists and objects that are open, innermost last. */
  const open: ('}' | ']')[] = [];
  let wanted: Wanted = 'value';
  for (let at = 0; ; ) {
    const token = tokenFrom(text, at);
    if (token.kind === 'end') return text.length;
    if (!allowed[wanted].includes(token.kind)) return token.at;
    if (!token.isWhole) return token.end;
    at = token.end;
    if (token.kind === '{' || token.kind === '[') open.push(token.kind === '{' ? '}' : ']');
    if (token.kind === '}' || token.kind === ']') open.pop();
    wanted = after(token.kind, wanted, open.at(-1));
  }
}

type Kind = '{' | '}' | '[' | ']' | ':' | ',' | 'text' | 'word' | 'end';
type Wanted = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or }' | ', or ]' | 'nothing';

const allowed: Readonly<Record<Wanted, readonly Kind[]>> = {
  value: ['{', '[', 'text', 'word'],
  'value or ]': ['{', '[', 'text', 'word', ']'],
  key: ['text'],
  'key or }': ['text', '}'],
  ':': [':'],
  ', or }': [',', '}'],
  ', or ]': [',', ']'],
  nothing: [],
};

function after(kind: Kind, wanted: Wanted, closing: '}' | ']' | undefined): Wanted {
  if (kind === '{') return 'key or }';
  if (kind === '[') return 'value or ]';
  if (kind === ':') return 'value';
  if (kind === ',') return closing === '}' ? 'key' : 'value';
  if (kind === 'text' && wanted.startsWith('key')) return ':';
  return closing === undefined ? 'nothing' : `, or ${closing}`;
}

interface Token {
  readonly kind: Kind;
  readonly at: number;
  /** Exclusive; where it is not whole, the character that breaks it. */
  readonly end: number;
  readonly isWhole: boolean;
}

const signs = ['{', '}', '[', ']', ':', ','] as const;
const words = ['true', 'false', 'null'];
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

function tokenFrom(text: string, from: number): Token {
  let at = from;
  while (' \t\n\r'.includes(text.charAt(at) || 'x')) at += 1;
  const first = text.charAt(at);
  if (first === '') return { kind: 'end', at, end: at, isWhole: true };
  const sign = signs.find(each => each === first);
  if (sign !== undefined) return { kind: sign, at, end: at + 1, isWhole: true };
  if (first === '"') return { kind: 'text', at, ...endOfText(text, at + 1) };
  const word = words.find(each => each.startsWith(first));
  if (word !== undefined) return { kind: 'word', at, ...endOfWord(text, at, word) };
  number.lastIndex = at;
  const digits = number.exec(text)?.[0] ?? '';
  return { kind: 'word', at, end: at + digits.length, isWhole: digits !== '' };
}

function endOfWord(text: string, at: number, word: string) {
  let length = 0;
  while (length < word.length && text[at + length] === word[length]) length += 1;
  return { end: at + length, isWhole: length === word.length };
}

const escaped = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

function endOfText(text: string, from: number) {
  for (let end = from; end < text.length; ) {
    const each = text.charCodeAt(end);
    if (each === 0x22) return { end: end + 1, isWhole: true };
    if (each < 0x20) return { end, isWhole: false };
    if (each !== 0x5c) {
      end += 1;
      continue;
    }
    escaped.lastIndex = end;
    if (!escaped.test(text)) return { end, isWhole: false };
    end = escaped.lastIndex;
  }
  return { end: text.length, isWhole: false };
}
