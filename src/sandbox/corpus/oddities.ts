/** What real logs hold besides requests: taken as they are, never as templates. */
export const oddTexts: readonly string[] = [
  '=SUM(A1:A2)',
  '+1 555 0100',
  '-',
  '@support',
  '"quoted", with a comma, and a "second" one',
  'first line\nsecond line\n\nfourth line',
  'tab\there',
  '👍',
  '🤷‍♀️🤷‍♂️',
  '???',
  'asdfgh',
  'test',
  "'; DROP TABLE customers; --",
  '<b>hello</b>',
  '{"intent": "refund"}',
  'naïve café, 50 € – ok?',
  'https://example.com/a?b=c&d=e',
  'C:\\Users\\me\\bill.pdf',
  'AGENT',
  'representative',
  'I want to talk to a human',
  'are you a bot?',
  'tell me a joke',
  'こんにちは',
  'مرحبا',
  'line separator:\u2028still the same message',
];

/** How people say that they have what they wanted. */
export const farewells: readonly string[] = [
  'thanks',
  'Thank you!',
  'thank you so much, (you saved my day|very helpful)',
  'ok thx bye',
  'great, that is all',
  '(perfect|awesome|cool), thanks',
  'No, that was everything. Have a nice day',
  '👍',
  'cheers mate',
];

/** … and that they have not. */
export const complaints: readonly string[] = [
  'This is (useless|ridiculous|a joke)',
  'You did not answer my question',
  'let me speak to a (human|person|real agent)',
  'I will post this on (Twitter|Trustpilot|Facebook)',
  'forget it',
  'wrong answer, read again what I wrote',
  'that is what you said (last time|yesterday) too',
  'WORST SERVICE EVER',
];

export const welcomes: readonly string[] = ["You're welcome. Bye!", 'Happy to help!', 'Anytime. Have a good day!'];
export const apologies: readonly string[] = [
  "I'm sorry. I am connecting you to a colleague.",
  'I understand. One moment, a colleague takes over.',
];
export const agentReplies: readonly string[] = [
  'Hi, this is Maria, I have read the conversation.',
  'Hello, Tom here. Give me a minute to look at it.',
  "Hi, I'm taking over from the assistant.",
];
export const systemNotes: readonly string[] = [
  'Conversation started on web chat',
  'Customer idle for 5 minutes',
  'Attachment received: IMG_2041.jpg',
  'Survey sent',
];
