import { expect, it } from 'vitest';
import { withoutTexts } from '../../../src/domain/skill-training/without-texts.ts';

const texts = ['two  lines\nand a "quote"', 'I lost my card in the supermarket yesterday', 'no', 'help me'];

it.each([
  ['bad utterance "I lost my card in the supermarket yesterday" at 7', 'bad utterance "[text]" at 7'],
  ['bad utterance: I lost my card in the supermark…', 'bad utterance: [text]…'],
  ['help me and help me', '[text] and [text]'],
  ['failed at {"text":"two  lines\\nand a \\"quote\\""}', 'failed at {"text":"[text]"}'],
  ['there is no reason', 'there is no reason'],
  ['the loss is not finite', 'the loss is not finite'],
])('%s', (message, clean) => {
  expect(withoutTexts(message, texts)).toBe(clean);
});
