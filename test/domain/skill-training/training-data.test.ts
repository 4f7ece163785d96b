import { describe, expect, it } from 'vitest';
import { parseTrainingData } from '../../../src/domain/skill-training/training-data.ts';

const label = { id: 'cancel', name: 'Cancel', description: 'ends it' };
const utterance = { text: 'stop it', label: 'cancel' };

describe('parseTrainingData', () => {
  it('takes a language that is left out for English, and a description that is left out for none', () => {
    const json = {
      utterances: [utterance, { ...utterance, language: 'de' }],
      labels: [label, { id: 'keep', name: 'Keep' }],
    };
    expect(parseTrainingData(json)).toEqual({
      ok: true,
      data: {
        utterances: [
          { ...utterance, language: 'en' },
          { ...utterance, language: 'de' },
        ],
        labels: [label, { id: 'keep', name: 'Keep', description: '' }],
      },
      warnings: [],
    });
  });

  it('leaves texts as they are', () => {
    const parsed = parseTrainingData({ utterances: [{ text: ' a\n', label: ' b ' }], labels: [] });
    expect(parsed).toMatchObject({ data: { utterances: [{ text: ' a\n', label: ' b ' }] } });
  });

  it('names the path of every wrong field, and no value', () => {
    const json = {
      utterances: [
        utterance,
        { text: 17, label: 'cancel' },
        { text: 'my secret' },
        'my secret',
        { ...utterance, language: '' },
      ],
      labels: [
        { id: '', name: 'x' },
        { id: 'a', name: null },
      ],
    };
    const parsed = parseTrainingData(json);
    expect(parsed).toEqual({
      ok: false,
      problems: [
        ['utterances[1].text', 'must be a text'],
        ['utterances[2].label', 'is missing'],
        ['utterances[3]', 'must be an object'],
        ['utterances[4].language', 'must not be empty'],
        ['labels[0].id', 'must not be empty'],
        ['labels[1].name', 'must be a text'],
      ].map(([where, wrong]) => ({ code: 'wrong-field', message: `${where}: ${wrong}`, count: 1, where })),
    });
    expect(JSON.stringify(parsed)).not.toContain('secret');
  });

  it.each([null, 'text', 7, []])('refuses %j as a whole', json => {
    expect(parseTrainingData(json)).toMatchObject({ ok: false, problems: [{ where: '(whole)' }] });
  });

  it('says which list is missing', () => {
    const parsed = parseTrainingData({ utterances: {} });
    expect(parsed).toMatchObject({
      problems: [{ message: 'utterances: must be a list' }, { message: 'labels: is missing' }],
    });
  });

  it('shows the first twenty wrong fields and counts the others', () => {
    const parsed = parseTrainingData({ utterances: Array(100).fill({ label: 'a' }), labels: [] });
    if (parsed.ok) expect.unreachable();
    expect(parsed.problems).toHaveLength(21);
    expect(parsed.problems.at(-1)).toEqual({ code: 'wrong-field', message: '80 more fields are wrong', count: 80 });
  });

  it('warns of fields that it does not know, and leaves them out', () => {
    const json = {
      utterances: [
        { ...utterance, lang: 'de' },
        { ...utterance, lang: 'de', constructor: 1 },
      ],
      labels: [{ ...label, hasOwnProperty: 1 }],
      language: 'de',
    };
    expect(parseTrainingData(json)).toMatchObject({
      ok: true,
      warnings: [
        {
          code: 'unknown-fields',
          message:
            'fields that are not known are left out: "language" (1), utterances: "lang" (2), utterances: "constructor" (1), labels: "hasOwnProperty" (1)',
          count: 5,
        },
      ],
    });
  });
});
