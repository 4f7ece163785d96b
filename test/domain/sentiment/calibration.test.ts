import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCalibration } from '../../../src/domain/sentiment/calibration.ts';
import { sentenceOf } from '../../../src/domain/sentiment/invalid-field.ts';
import { anyBody, calibrationWith, sample } from './sample-calibration.ts';

/** The paths that are reported, in no particular order; empty for what is accepted. */
function invalid(json: unknown): string[] {
  return listed(json)
    .map(({ field }) => field)
    .sort();
}

function listed(json: unknown) {
  const parsed = parseCalibration(json);
  return parsed.ok ? [] : parsed.fields;
}

const interactions = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ ...sample.interactions[0], interaction_id: `conv_${index}` }));

describe('a calibration', () => {
  it('is read as it is written; the reweight may be left out', () => {
    expect(parseCalibration(sample)).toEqual({ ok: true, calibration: sample });
    const { trigger_model_reweight: _, ...rest } = sample;
    expect(parseCalibration(rest)).toEqual({ ok: true, calibration: { ...sample, trigger_model_reweight: false } });
  });

  it('is read whatever it sets within the bounds', () => {
    fc.assert(
      fc.property(anyBody, body => {
        expect(invalid(calibrationWith(body))).toEqual([]);
      }),
    );
  });

  it('may set each bound itself', () => {
    const ends = (end: 0 | 1) => ({
      interactions: interactions(end === 0 ? 1 : 50).map(each => ({ ...each, confidence: end })),
      polarity_matrix: { negative: [-1, 0][end], neutral: [-0.5, 0.5][end], positive: [0, 1][end] },
      alert_triggers: [
        { emotion: 'anger', threshold: [0, 0.95][end], directive: 'log' },
        { emotion: 'anger', threshold: [0.7, 0.95][end], directive: 'block' },
      ],
      sensitivity_level: [0.05, 0.95][end],
      trigger_model_reweight: false,
    });
    expect(invalid(ends(0))).toEqual([]);
    expect(invalid(ends(1))).toEqual([]);
  });

  it('may have no triggers', () => {
    expect(invalid({ ...sample, alert_triggers: [] })).toEqual([]);
  });
});

describe('a calibration that breaks rules', () => {
  it('is reported with every broken bound at once: path, value and rule', () => {
    const parsed = parseCalibration({
      interactions: interactions(51).map((each, index) => (index === 3 ? { ...each, confidence: 1.1 } : each)),
      polarity_matrix: { negative: 0.1, neutral: -0.6, positive: 1.5 },
      alert_triggers: [
        { emotion: 'anger', threshold: 0.96, directive: 'log' },
        { emotion: 'anger', threshold: 0.69, directive: 'block' },
        { emotion: '', threshold: -0.1, directive: 'shout' },
      ],
      sensitivity_level: 0.04,
      trigger_model_reweight: 'yes',
    });
    if (parsed.ok) throw new Error('it was accepted');
    expect(Object.fromEntries(parsed.fields.map(({ field, value, message }) => [field, [value, message]]))).toEqual({
      interactions: ['(an array of 51)', 'must hold 1 to 50 interactions'],
      'interactions[3].confidence': [1.1, 'must be a number from 0 to 1'],
      'polarity_matrix.negative': [0.1, 'must be a number from -1 to 0'],
      'polarity_matrix.neutral': [-0.6, 'must be a number from -0.5 to 0.5'],
      'polarity_matrix.positive': [1.5, 'must be a number from 0 to 1'],
      'alert_triggers[0].threshold': [0.96, 'must be a number from 0 to 0.95'],
      'alert_triggers[1].threshold': [0.69, 'must be a number from 0.7 to 0.95 where directive is block'],
      'alert_triggers[2].emotion': ['', 'must not be empty'],
      'alert_triggers[2].threshold': [-0.1, 'must be a number from 0 to 0.95'],
      'alert_triggers[2].directive': ['shout', 'must be one of block, notify, escalate, log'],
      sensitivity_level: [0.04, 'must be a number from 0.05 to 0.95'],
      trigger_model_reweight: ['yes', 'must be true or false'],
    });
    expect(parsed.more).toBe(0);
  });

  it('is reported with exactly the fields that are wrong, whichever they are', () => {
    const wrong: Record<string, (json: Wrong) => void> = {
      interactions: json => {
        json.interactions = [];
      },
      'polarity_matrix.negative': json => Object.assign(json.polarity_matrix, { negative: Number.NaN }),
      'polarity_matrix.neutral': json => Object.assign(json.polarity_matrix, { neutral: '0' }),
      'polarity_matrix.positive': json => Object.assign(json.polarity_matrix, { positive: null }),
      'alert_triggers[0].threshold': json => Object.assign(json.alert_triggers[0] ?? {}, { threshold: 0.951 }),
      'alert_triggers[0].directive': json => Object.assign(json.alert_triggers[0] ?? {}, { directive: undefined }),
      'alert_triggers[1].threshold': json => Object.assign(json.alert_triggers[1] ?? {}, { threshold: 0.6999 }),
      sensitivity_level: json => Object.assign(json, { sensitivity_level: 0.951 }),
      sensitivity: json => Object.assign(json, { sensitivity: 0.5 }),
    };
    fc.assert(
      fc.property(fc.subarray(Object.keys(wrong)), fields => {
        const json = structuredClone<Wrong>({
          ...sample,
          interactions: [...sample.interactions],
          polarity_matrix: { ...sample.polarity_matrix },
          alert_triggers: sample.alert_triggers.map(each => ({ ...each })),
        });
        for (const field of fields) wrong[field]?.(json);
        expect(invalid(json)).toEqual([...fields].sort());
      }),
    );
  });

  it('is one without a field that is required, or of another form', () => {
    expect(listed({})).toEqual(
      ['interactions', 'polarity_matrix', 'alert_triggers', 'sensitivity_level'].map(field => ({
        field,
        value: undefined,
        message: expect.stringMatching(/^is required and must be /),
      })),
    );
    for (const json of [null, [], 'text', 7])
      expect(listed(json)).toEqual([expect.objectContaining({ field: '(whole)', message: 'must be an object' })]);
  });

  it('names a field that is not known, and those that are', () => {
    expect(listed({ ...sample, interaction_ids: ['a'] })).toEqual([
      {
        field: 'interaction_ids',
        value: undefined,
        message:
          'is not a known field; the fields here are interactions, polarity_matrix, alert_triggers, sensitivity_level, trigger_model_reweight',
      },
    ]);
  });

  it('names what repeats an interaction or a trigger', () => {
    const json = {
      ...sample,
      interactions: [...sample.interactions, sample.interactions[0]],
      alert_triggers: [...sample.alert_triggers, { ...sample.alert_triggers[0], threshold: 0.5 }],
    };
    expect(listed(json).map(({ field, message }) => `${field} ${message}`)).toEqual([
      'interactions[2].interaction_id repeats interactions[0]',
      'alert_triggers[2] repeats alert_triggers[0] (same emotion and directive)',
    ]);
  });

  it('can be put into sentences', () => {
    const json = {
      ...sample,
      interactions: [],
      sensitivity_level: 1.2,
      alert_triggers: [{ emotion: 'anger', threshold: null, directive: '"' }],
    };
    expect(listed(json).map(sentenceOf).sort()).toEqual([
      'alert_triggers[0].directive must be one of block, notify, escalate, log, not "\\""',
      'alert_triggers[0].threshold must be a number from 0 to 0.95, not null',
      'interactions must hold 1 to 50 interactions, not (an array of 0)',
      'sensitivity_level must be a number from 0.05 to 0.95, not 1.2',
    ]);
    expect(listed({ ...sample, x: 1 }).map(sentenceOf)).toEqual([expect.stringMatching(/^x is not a known field; /)]);
  });

  it('shows no text of a customer, and nothing long', () => {
    const text = 'my secret '.repeat(20);
    const wrong = { interaction_id: text, text: ['my secret'], emotion: 'anger', confidence: text };
    const parsed = parseCalibration({ ...sample, interactions: [wrong, { ...wrong, text: 7 }], [text]: 1 });
    expect(JSON.stringify(parsed)).not.toContain('secret');
    expect(invalid({ ...sample, interactions: [wrong] })).toContain('interactions[0].text');
  });

  it('is answered with 20 fields at most, each once, however large it is', () => {
    const unknown = Object.fromEntries(Array.from({ length: 4000 }, (_, index) => [`field_${index}`, index]));
    const many = parseCalibration({ ...sample, ...unknown });
    if (many.ok) throw new Error('it was accepted');
    expect(many.fields).toHaveLength(20);
    expect(new Set(many.fields.map(({ field }) => field)).size).toBe(20);
    expect(many.more).toBe(3980);
    expect(JSON.stringify(many).length).toBeLessThan(8_000);
  });
});

interface Wrong {
  interactions: unknown[];
  polarity_matrix: object;
  alert_triggers: object[];
}
