/** Shorter texts are words that any message has. */
const shortest = 4;
/** A message may cut a text off: so many characters of its beginning are enough to know it. */
const beginning = 24;

/** A message of the platform without the utterances that it quotes, whole or cut off: each becomes `[text]`. */
export function withoutTexts(message: string, texts: Iterable<string>): string {
  let clean = oneLine(message);
  for (const each of texts) {
    const text = oneLine(each);
    if (text.length < shortest) continue;
    const start = text.slice(0, beginning);
    for (let at = clean.indexOf(start); at >= 0; at = clean.indexOf(start, at + 1)) {
      let end = at + start.length;
      while (end < clean.length && end - at < text.length && clean[end] === text[end - at]) end += 1;
      clean = `${clean.slice(0, at)}[text]${clean.slice(end)}`;
    }
  }
  return clean;
}

/** As messages are shown: without line breaks, JSON's escapes of quotes, and runs of blanks. */
function oneLine(text: string): string {
  return text
    .replaceAll('\\"', '"')
    .replaceAll(/(\\n|\s)+/g, ' ')
    .trim();
}
