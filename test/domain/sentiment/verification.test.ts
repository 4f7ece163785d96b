import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  defaultRules,
  failedInteractions,
  failureSentence,
  verificationRules,
} from '../../../src/domain/sentiment/verification.ts';
import { wholeWordFinder } from '../../../src/domain/sentiment/whole-word.ts';
import { sample } from './sample-calibration.ts';

const holds = (text: string, ...terms: string[]) => wholeWordFinder(terms)(text);

describe('a whole word', () => {
  it.each([
    ['BILLING!', 'billing'],
    ['der Ausfall, seit gestern', 'ausfall'],
    ['je veux être remboursé.', 'remboursé'],
    ['REMBOURSÉ', 'remboursé'],
    ['remboursé'.normalize('NFD'), 'remboursé'.normalize('NFC')],
    ['remboursé'.normalize('NFC'), 'remboursé'.normalize('NFD')],
    ["l'Ausfall", 'Ausfall'],
    ["billing's", 'billing'],
    ['billing-related', 'billing'],
    ['STRASSE gesperrt', 'Straße'],
    ['die Straße', 'STRASSE'],
    ['Ο ΔΡΟΜΟΣ', 'δρόμος'.replace('ό', 'ο')],
    ["ΟΔΟΣ'Α", 'οδος'],
    ['Сбой связи', 'сбой'],
    ['learn c++, they said', 'c++'],
    ['is it 100% (sic)?', '(sic)'],
    ['your  service \n level', 'service level'],
    ['我要退款', '退款'],
    ['SLA违约', 'sla'],
    ['ขอคืนเงิน', 'คืนเงิน'],
  ])('is found: %j holds %j', (text, term) => {
    expect(holds(text, term)).toBe(true);
  });

  it.each([
    ['Ausfallzeit', 'Ausfall'],
    ['Stromausfall', 'Ausfall'],
    ['remboursée', 'remboursé'],
    ['remboursement', 'rembours'],
    ['résumé', 'resume'],
    ['résumé'.normalize('NFD'), 'resume'],
    ['resume', 'résumé'],
    ['refund\u0301', 'refund'],
    ['translatency', 'latency'],
    ['slab', 'sla'],
    ['sla2', 'sla'],
    ['sla_id', 'sla'],
    ['ılk', 'ilk'],
    ['xxx', '.'],
    ['aaa', 'a*'],
    ['c', 'c++'],
    ['', 'billing'],
  ])('is not found: %j does not hold %j', (text, term) => {
    expect(holds(text, term)).toBe(false);
  });

  it('is found in any case and normal form, between characters that are not of words', () => {
    const words = fc.stringMatching(/^[a-zäöüéèçñßбдж]{1,12}$/u);
    const edge = fc.constantFrom('', ' ', '.', ',', '!', '(', '-', '/', '"', '\n', '€', '…', '🙂');
    const form = fc.constantFrom('NFC', 'NFD');
    fc.assert(
      fc.property(words, edge, edge, form, form, fc.boolean(), (word, before, after, one, other, isUpper) => {
        const written = isUpper ? word.toUpperCase() : word;
        expect(holds(`x ${before}${written.normalize(one)}${after} y`, 'zzz', word.normalize(other))).toBe(true);
        expect(holds(`x${written.normalize(one)}`, word.normalize(other)), 'letter before').toBe(
          holds(`x${written}`, word),
        );
        const isGlued = [`q${written}`, `${written}q`, `9${written}`, `${written}_`].some(text => holds(text, word));
        expect(isGlued).toBe(false);
      }),
    );
  });

  it('agrees with the words of a text that is split, for terms and texts of ASCII', () => {
    const text = fc.stringMatching(/^[a-c .,]{0,20}$/);
    const term = fc.stringMatching(/^[a-c]{1,3}$/);
    fc.assert(
      fc.property(text, fc.array(term, { minLength: 1, maxLength: 3 }), (text, terms) => {
        const words = text.split(/[ .,]+/);
        expect(holds(text, ...terms)).toBe(terms.some(each => words.includes(each)));
      }),
    );
  });

  it('is taken literally, whatever characters it has', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[-.*+?^${}()|[\]\\/a]{0,8}a[-.*+?^${}()|[\]\\/]{0,8}$/), term => {
        expect(holds(`x ${term} y`, term)).toBe(true);
        expect(holds(`x ${term.replaceAll('a', 'b')} y`, term)).toBe(false);
      }),
    );
  });
});

describe('verification', () => {
  const [interaction] = sample.interactions;
  if (interaction === undefined) throw new Error('the sample has no interaction');

  it('passes what has a domain term and an emotion with enough confidence', () => {
    expect(failedInteractions(sample.interactions)).toEqual([]);
  });

  it('names every interaction that fails, with every reason and without its text', () => {
    const failed = failedInteractions([
      { ...interaction, interaction_id: 'a', text: 'hello there', emotion: 'joy', confidence: 0.1 },
      interaction,
      { ...interaction, interaction_id: 'b', confidence: 0.7999 },
      { ...interaction, interaction_id: 'c', text: 'refunded', emotion: 'Anger' },
    ]);
    expect(failed.map(each => [each.index, each.interactionId, each.reasons.map(({ code }) => code)])).toEqual([
      [0, 'a', ['no-domain-term', 'unknown-emotion']],
      [2, 'b', ['low-confidence']],
      [3, 'c', ['no-domain-term', 'unknown-emotion']],
    ]);
    expect(failed[0]?.reasons.map(({ message }) => message)).toEqual([
      'its text holds none of the domain terms billing, outage, refund, latency, sla',
      'its emotion "joy" is not one of anger, frustration, satisfaction, confusion',
    ]);
    expect(failed[1]?.reasons[0]?.message).toBe('its confidence 0.7999 is below 0.8');
    expect(failed.slice(1).map(failureSentence)).toEqual([
      'interactions[2] ("b"): its confidence 0.7999 is below 0.8',
      'interactions[3] ("c"): its text holds none of the domain terms billing, outage, refund, latency, sla; its emotion "Anger" is not one of anger, frustration, satisfaction, confusion',
    ]);
    expect(JSON.stringify(failed)).not.toContain('hello');
  });

  it('looks for an emotion among the named ones only', () => {
    for (const emotion of ['toString', '__proto__', 'constructor'])
      expect(failedInteractions([{ ...interaction, emotion }])[0]?.reasons[0]?.code).toBe('unknown-emotion');
  });

  it('follows rules of a file: what it has replaces the defaults, the rest stays', () => {
    const rules = verificationRules.parse({ domainTerms: [' Ausfall '], emotions: { joy: 0.5 } });
    const joyful = { ...interaction, text: 'AUSFALL', emotion: 'joy', confidence: 0.5 };
    expect(failedInteractions([joyful], rules)).toEqual([]);
    expect(failedInteractions([interaction], rules)[0]?.reasons).toHaveLength(2);
    expect(verificationRules.parse({})).toEqual(defaultRules);
    expect(verificationRules.parse({ emotions: { joy: 0.5 } }).domainTerms).toEqual(defaultRules.domainTerms);
  });

  it.each([
    { domainTerms: [] },
    { domainTerms: ['  '] },
    { domainTerms: ['$$'] },
    { emotions: {} },
    { emotions: { anger: 1.1 } },
    { emotions: ['anger'] },
    { terms: ['billing'] },
    [],
  ])('refuses the rules %j', rules => {
    expect(verificationRules.safeParse(rules).success).toBe(false);
  });
});
