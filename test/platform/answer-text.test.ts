import { expect, it } from 'vitest';
import { invalidBytes, placeOfInvalidBytes } from '../../src/domain/interaction/invalid-bytes.ts';
import { answerText } from '../../src/platform/answer-text.ts';

it('decodes UTF-8 as it is, without a byte order mark', () => {
  for (const text of ['', 'plain', 'café 😀 \ufffd', '{"a": "\\udfff"}'])
    expect(answerText(Buffer.from(text))).toEqual({ text, isUtf8: true });
  expect(answerText(Buffer.from('\ufeff{}'))).toEqual({ text: '{}', isUtf8: true });
});

it('marks bytes that are not UTF-8, and leaves a replacement character that was sent', () => {
  const bytes = Buffer.concat([Buffer.from('a\ufffd caf'), Buffer.from([0xe9]), Buffer.from(' b\ufffd')]);
  expect(answerText(bytes)).toEqual({ text: `a\ufffd caf${invalidBytes} b\ufffd`, isUtf8: false });
  expect(answerText(Buffer.from([0xe2, 0x82]))).toEqual({ text: invalidBytes, isUtf8: false });
});

it('finds the place of invalid bytes in a value', () => {
  const text = `caf${invalidBytes}`;
  expect(placeOfInvalidBytes({ id: 'x', messages: [{ text: 'good' }, { text }] })).toBe('messages[1].text');
  expect(placeOfInvalidBytes(text)).toBe('(whole)');
  expect(placeOfInvalidBytes({ a: [1, null, 'b', true], c: '\ufffd \udfff' })).toBeNull();
});
