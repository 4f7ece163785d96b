/** What no one may see, each of its own, so that a finding says what leaked: letters and digits that stand nowhere else. */
const marked = (what: string) => `zq${what}9leak`;

export const secrets = {
  client: marked('clientsecret'),
  key: marked('apikey'),
  wrongKey: marked('wrongkey'),
  password: marked('boardpassword'),
  wrongPassword: marked('wrongpassword'),
  viewer: marked('viewerpassword'),
  signing: marked('webhooksecret'),
  hook: marked('hookaddress'),
  idempotency: marked('idempotencykey'),
} as const;

const word = (what: string) => `My name is ${marked(what)} and I want my money back`;

/** What customers wrote. */
export const texts = {
  user: word('usertext'),
  bot: word('bottext'),
  bad: word('badrecordtext'),
  answer: word('wronganswertext'),
  column: word('csvcolumntext'),
  utterance: word('utterancetext'),
  misplaced: word('misplacedtext'),
  foreign: word('foreigntext'),
} as const;

/** A text as one of many, which no deduplication takes for the same. */
export const numbered = (text: string, index: number) => `${text} ${topics[index % topics.length]} ${index}`;
const topics = ['parcel', 'invoice', 'password', 'holiday', 'router', 'concert', 'tomato', 'passport'] as const;

/** A marker's spellings: as it is, and in Base64 and hex wherever it begins. */
function spellings(marker: string): string[] {
  const base64 = [0, 1, 2].map(offset => {
    const whole = Buffer.from(`${'x'.repeat(offset)}${marker}`).toString('base64');
    // The first and the last group hold bits of what stands beside the marker.
    return whole.slice(4, -4);
  });
  return [marker, ...base64, Buffer.from(marker).toString('hex')];
}

/** Finds the markers among `values`, and secrets that came up meanwhile, in whatever text. */
export function finderOf(values: readonly string[], others: Iterable<string> = []): (text: string) => string[] {
  const markers = values.map(value => /zq[a-z]+9leak/.exec(value)?.[0] ?? value);
  const wanted = [...markers, ...others].flatMap(marker =>
    spellings(marker).map(spelled => [spelled, marker] as const),
  );
  return text => {
    const lower = text.toLowerCase();
    const found = wanted.filter(([spelled, marker]) => text.includes(spelled) || lower.includes(marker.toLowerCase()));
    return [...new Set(found.map(([, marker]) => marker))];
  };
}
