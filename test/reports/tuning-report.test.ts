import { describe, expect, it } from 'vitest';
import { type TuningReport, tuningReport } from '../../src/reports/tuning-report.ts';
import { infinite, intents, oneClass, operatingPoint, tuned, tuningOf } from './tuning-fixture.ts';

const none = { added: [], removed: [], changed: [], carried: [], unchanged: 0 };

/** The page's text as it is read: without its style, its data and its script. */
function shown(page: string): string {
  return page
    .replace(/<(style|script)[^>]*>[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');
}

/** The row of an intent, as the text of its cells. */
function row(page: string, intentId: string): string[] {
  const markup = page.split('<tr ').find(each => each.includes('class="intent"') && each.includes(intentId)) ?? '';
  return [...markup.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/g)].map(([, cell = '']) => shown(cell).trim());
}

const data = (page: string) =>
  JSON.parse(/<script type="application\/json" id="data">(.*?)<\/script>/.exec(page)?.[1] ?? '');

describe('the report of a tuning', () => {
  const report = tuningOf(intents(30));
  const page = tuningReport(report);

  it('has a banner only where the data is the simulated platform’s', () => {
    expect(shown(page)).not.toContain('Simulated data');
    expect(shown(tuningReport({ ...report, tenant: 'sandbox' }))).toContain('Simulated data');
  });

  it('says what came out and what was asked for', () => {
    const text = shown(page);
    expect(text).toContain('0.548 global threshold median of 24 pushable thresholds');
    expect(text).toContain('30 tuned 24 pushable 8 flagged 4 warned 2 skipped');
    expect(text).toContain('Highest false positive rate 0.15 for the rate itself');
    expect(text).toContain('5 positive, 5 negative');
    expect(text).toContain('1,000 seed 1');
    expect(text).toContain('Computed at 2026-03-08 14:05 UTC');
    expect(text).toContain('legacy-greeting');
    const { parameters } = report;
    const bound = tuningReport({ ...report, parameters: { ...parameters, maxFprConfidence: true, bootstrap: 0 } });
    expect(shown(bound)).toContain('0.15 for the upper end of its 95 % interval');
    expect(shown(bound)).toContain('Resamples none');
  });

  it('has a row for each intent, by name, with its numbers', () => {
    const intent = tuned(2, {
      threshold: 0.612,
      thresholdInterval: [0.5914, 0.6406],
      jScore: 0.71,
      rocAuc: 0.934,
      positives: 120,
      negatives: 2300,
      rounded: {
        threshold: 0.612,
        truePositives: 96,
        falsePositives: 207,
        tpr: 0.8,
        fpr: 0.09,
        tprInterval: [0.7172, 0.8675],
        fprInterval: [0.0786, 0.1024],
      },
      warnings: ['few-samples'],
    });
    const one = tuningReport(tuningOf([tuned(9), intent]));
    expect(row(one, intent.intentId)).toEqual([
      `Change of address ${intent.intentId}`,
      '0.612',
      '0.591–0.641',
      '0.710',
      '0.934',
      '120',
      '2,300',
      '0.800 0.717–0.868',
      '0.090 0.079–0.102',
      'few-samples',
    ]);
    expect(shown(one).indexOf('Change of address')).toBeLessThan(shown(one).indexOf('Refund'));
    expect(one).toContain('title="it has far fewer positive samples than the other intents"');
  });

  it('marks a false positive rate above what was asked for', () => {
    const rounded = operatingPoint(0.5, 0.9, 0.149, 100, 100);
    const intent = tuned(1, { rounded });
    const tuning = tuningOf([intent]);
    expect(tuningReport(tuning)).not.toContain('class="over"');
    const parameters = { ...tuning.parameters, maxFprConfidence: true };
    expect(tuningReport({ ...tuning, parameters })).toContain('class="over"');
    expect(tuningReport({ ...tuning, parameters: { ...tuning.parameters, maxFpr: 0.14 } })).toContain('class="over"');
  });

  it('explains every mark that is there, and no other', () => {
    const text = shown(page).slice(shown(page).indexOf('What the marks mean'));
    expect(text).toContain('one-class × 2 all its samples are of one class; not pushed');
    expect(text).toMatch(/max-fpr-unmet × 4 no point [^;]* false positive rate (?!; not pushed)/);
    expect(text).toContain('single-confidence × 2');
    expect(text).not.toContain('positives-below-negatives');
    expect(tuningReport(tuningOf([tuned(1)]))).not.toContain('What the marks mean');
  });

  it('has no column for intervals that nobody asked for', () => {
    const plain = [tuned(1, { thresholdInterval: null }), tuned(2, { thresholdInterval: null })];
    expect(shown(tuningReport(tuningOf(plain)))).not.toContain('95 % interval');
    expect(row(tuningReport(tuningOf(plain)), plain[0]?.intentId ?? '')).toHaveLength(9);
  });

  it('shows intents without a curve, a point or a finite threshold', () => {
    const list = [tuned(1, oneClass), tuned(2, infinite)];
    const odd = tuningReport(tuningOf(list, { globalThreshold: null, difference: null }));
    expect(row(odd, list[0]?.intentId ?? '').slice(1)).toEqual(
      expect.arrayContaining(['0.500', '0.000', '–', 'not pushed one-class']),
    );
    expect(row(odd, list[1]?.intentId ?? '')[1]).toBe('∞');
    expect(shown(odd)).toContain('none global threshold no threshold can be pushed');
    expect(shown(odd)).not.toMatch(/NaN|undefined|Infinity|null/);
  });

  it('shows a tuning of nothing', () => {
    const empty = tuningReport(tuningOf([], { globalThreshold: null, skipped: [], difference: null, rows: 1 }));
    expect(shown(empty)).toContain('No intents to tune');
    expect(shown(empty)).toContain('from 1 row.');
    expect(shown(empty)).not.toContain('Skipped');
  });

  it('is the same page for the same tuning, and leaves it as it is', () => {
    const list = Object.freeze(intents(5));
    const tuning: TuningReport = Object.freeze(tuningOf(list));
    expect(tuningReport(tuning)).toBe(tuningReport(structuredClone(tuning)));
  });

  it('gives its script each curve, to the width of a line', () => {
    const [intent] = data(page).intents;
    const original = report.intents.find(({ name }) => name === 'Billing question');
    let sum = 0;
    const places = intent.curve.tpr.map((step: number) => {
      sum += step;
      return sum / data(page).curveSteps;
    });
    expect(places).toHaveLength(original?.curve.tpr.length ?? 0);
    for (const [index, tpr] of (original?.curve.tpr ?? []).entries()) expect(places[index]).toBeCloseTo(tpr, 4);
  });
});

describe('what a push would change', () => {
  const named = (number: number) => ({ intentId: `id-${number}`, name: `Intent ${number}` });
  const difference = {
    ...none,
    since: { version: 7, at: '2026-03-01T09:30:00.000Z' },
    global: { before: 0.531, after: 0.548 },
  };
  const textOf = (changed: Partial<NonNullable<TuningReport['difference']>>) =>
    shown(tuningReport(tuningOf([tuned(1)], { difference: { ...difference, ...changed } })));

  it('is told against the push that it was compared with', () => {
    expect(textOf({ unchanged: 3 })).toContain('Against push 7 of 2026-03-01 09:30 UTC: 3 new thresholds equal');
    expect(textOf({})).toContain('Global threshold 0.531 → 0.548 +0.017');
    const first = textOf({ since: null, global: { before: null, after: 0.5 }, added: [{ ...named(1), after: 0.4 }] });
    expect(first).toContain('Nothing was ever pushed');
    expect(first).toContain('Intent 1 id-1 none 0.400 –');
  });

  it('lists changes by their size, and what is added and removed against the global threshold', () => {
    const text = textOf({
      changed: [
        { ...named(1), before: 0.5, after: 0.51 },
        { ...named(2), before: 0.7, after: 0.4 },
        { ...named(3), before: 0.3, after: 0.4 },
      ],
      added: [{ ...named(4), after: 0.6 }],
      removed: [{ ...named(5), before: 0.648 }],
      carried: [{ ...named(6), threshold: 0.44, reason: 'too few' }],
    });
    const order = ['id-2 0.700 0.400 −0.300', 'id-3 0.300 0.400 +0.100', 'id-1 0.500 0.510 +0.010'];
    expect(order.map(each => text.indexOf(each))).toEqual(
      order.map(each => text.indexOf(each)).toSorted((a, b) => a - b),
    );
    expect(text.indexOf(order[0] ?? '')).toBeGreaterThan(0);
    expect(text).toContain('Intent 4 id-4 0.531 0.600 +0.069');
    expect(text).toContain('Intent 5 id-5 0.648 0.548 −0.100');
    expect(text).toContain('Intent 6 id-6 0.440 too few');
  });

  it('folds what is beyond the first ten', () => {
    const added = Array.from({ length: 11 }, (_, number) => ({ ...named(number), after: 0.5 }));
    expect(textOf({ added })).toContain('1 other');
    expect(textOf({ added: added.slice(1) })).not.toMatch(/\d others?/);
  });

  it('links to the rows of intents that were tuned', () => {
    const intent = tuned(1);
    const changed = [{ intentId: intent.intentId, name: intent.name, before: 0.5, after: 0.6 }];
    const page = tuningReport(tuningOf([intent], { difference: { ...difference, changed } }));
    expect(page).toContain('<a href="#intent-0">');
    expect(page).toContain('<tr id="intent-0" ');
  });
});

describe('the page', () => {
  it('needs nothing else, and lets nothing else run', () => {
    const page = tuningReport(tuningOf(intents(30)));
    expect(page).not.toMatch(/\b(src|srcset|action|poster|xlink:href)=|@import ["'u]|url\((?!#)/);
    expect(
      [...page.matchAll(/href="([^"]*)"/g)].map(([, href]) => href).filter(href => !/^(#|data:,$)/.test(href ?? '')),
    ).toEqual([]);
    expect(page.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|\/\/[a-z]/i);
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1];
    expect(policy).toMatch(
      /^default-src &#39;none&#39;; style-src &#39;sha256-[^ ;]+&#39;; script-src &#39;sha256-[^ ;]+&#39;; /,
    );
    expect(page.match(/<script>/g)).toHaveLength(1);
    expect(page).not.toMatch(/\sstyle="|\son[a-z]+="/);
  });

  it('shows names, ids and reasons as the text that they are', () => {
    const hostile = `</script><script>alert(1)</script><img src=x onerror=alert(2)>"'&<!--`;
    const intent = tuned(1, { name: hostile, intentId: hostile });
    const page = tuningReport(
      tuningOf([intent], {
        title: hostile,
        at: hostile,
        skipped: [hostile],
        difference: {
          ...none,
          since: { version: 1, at: hostile },
          global: { before: 0.5, after: 0.5 },
          changed: [{ intentId: hostile, name: hostile, before: 0.4, after: 0.5 }],
          removed: [{ intentId: hostile, name: hostile, before: 0.4 }],
          carried: [{ intentId: `${hostile}2`, name: hostile, threshold: 0.4, reason: hostile }],
        },
      }),
    );
    expect(page).not.toContain('<img');
    expect(page).not.toContain('alert(1)</script>');
    expect(page).not.toContain('<!--');
    expect(page.match(/<script>/g)).toHaveLength(1);
    expect(page.match(/<\/script>/g)).toHaveLength(2);
    expect(page).toContain('&lt;img src=x onerror=alert(2)&gt;&quot;&#39;&amp;&lt;!--');
  });

  it('weighs less than 3 MB with a thousand intents', () => {
    expect(tuningReport(tuningOf(intents(1000))).length).toBeLessThan(3_000_000);
  });
});
