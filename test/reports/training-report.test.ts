import { describe, expect, it } from 'vitest';
import { evaluate } from '../../src/domain/skill-training/evaluate.ts';
import { evaluation } from '../../src/domain/skill-training/evaluation.ts';
import { type TrainingReport, trainingReport } from '../../src/reports/training-report.ts';
import { evaluationOf, trainingOf } from './training-fixture.ts';

/** The page's text as it is read: without its style, its data and its script. */
function shown(page: string): string {
  return page
    .replace(/<(style|script)[^>]*>[\s\S]*?<\/\1>/g, '')
    .replace(/<wbr>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');
}

const textOf = (report: TrainingReport) => shown(trainingReport(report));

/** Actual and predicted label, and the score where there is one. */
type Row = readonly [string, string, number?];

const told = (ids: readonly string[], rows: readonly Row[]) =>
  evaluation.parse({
    labels: ids.map(id => ({ id, name: `name of ${id}` })),
    predictions: rows.map(([, label, score]) => (score === undefined ? label : { label, score })),
    actuals: rows.map(([actual]) => actual),
    trainingDurationSeconds: 38.3,
  });

const small = told(
  ['a', 'b', 'c'],
  [
    ['a', 'a', 0.9],
    ['a', 'a', 0.8],
    ['a', 'b', 0.2],
    ['b', 'b', 0.7],
    ['b', 'a', 0.1],
  ],
);

/** The row of a label, as the text of its cells. */
function row(page: string, id: string): string[] {
  const markup = page.split('<tr ').find(each => each.includes('class="label"') && each.includes(`>${id}<`)) ?? '';
  return [...markup.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = '']) => shown(cell).trim());
}

describe('the report of a training', () => {
  it('says how good the model is', () => {
    const text = textOf(trainingOf(small));
    expect(text).toContain('bank-assistant evaluation of a trained model');
    expect(text).toContain('Trained at 2026-03-08 14:05 UTC by ada@example.com. Job job-5f0c , request request-71 .');
    expect(text).toContain('60.0 % accuracy 3 of 5 predictions right');
    // Precision 2/3, 1/2, 0; recall 2/3, 1/2, 0.
    expect(text).toContain('0.389 macro precision 0.389 macro recall 0.389 macro F1 5 predictions 3 labels');
    expect(text).toContain('Best threshold of the grid 0.30 F1 0.750 the lowest of 9 grid points with this F1');
    expect(text).toContain('Best threshold of all scores 0.100000 F1 0.750 the lowest of 3 scores with this F1');
  });

  it('has a row for each label with its numbers, in the platform’s order', () => {
    const page = trainingReport(trainingOf(small));
    expect(row(page, 'a')).toEqual(['name of a a', '3', '3', '0.667', '0.667', '0.667', 'name of b 1 of 3']);
    expect(row(page, 'b')).toEqual(['name of b b', '2', '2', '0.500', '0.500', '0.500', 'name of a 1 of 2']);
    expect(row(page, 'c')).toEqual([
      'name of c c',
      '0',
      '0',
      '0.000 never predicted',
      '0.000 never occurs',
      '0.000',
      '–',
    ]);
    expect([...page.matchAll(/class="label"/g)]).toHaveLength(3);
  });

  it('lists the pairs that are confused most, and folds the others', () => {
    const few = shown(trainingReport(trainingOf(small)));
    expect(few).toContain('name of a name of b 1 of 3 33.3 % name of b name of a 1 of 2 50.0 %');
    expect(few).not.toContain('other pair');
    const many = evaluationOf(77);
    const result = evaluate(many);
    const pairs = result.confusionMatrix.flatMap((cells, at) => cells.filter((each, to) => each > 0 && at !== to));
    expect(textOf(trainingOf(many))).toContain(`All ${pairs.length - 10} other pairs`);
    const more = textOf(trainingOf(evaluationOf(151)));
    expect(more).toContain('The next 190 other pairs');
    expect(more).toMatch(/\d+ pairs are not listed; none was mistaken more than \d+ times?\./);
    expect(textOf(trainingOf(told(['a'], [['a', 'a']])))).toContain('No label was mistaken for another.');
  });

  it('says that thresholds are tied, where they are', () => {
    const tied = told(
      ['a', 'b'],
      [
        ['a', 'a', 0.96],
        ['b', 'b', 0.97],
        ['a', 'b', 0.95],
      ],
    );
    const text = textOf(trainingOf(tied));
    expect(text).toContain('0.30 F1 0.800 the lowest of 13 grid points with this F1');
    expect(text).toContain('Best threshold of all scores 0.950000 F1 0.800 the lowest of 2 scores with this F1');
    const even = textOf(trainingOf(told(['a'], [['a', 'a', 0.5]])));
    expect(even).toContain('Best threshold of all scores 0.500000 F1 1.000');
    expect(even).not.toContain('scores with this F1');
  });

  it('has every point of the grid in a table', () => {
    const result = evaluate(evaluationOf(12));
    const text = textOf(trainingOf(evaluationOf(12)));
    for (const { threshold, f1, tp, fp, fn } of result.thresholds?.gridPoints ?? [])
      expect(text).toMatch(
        new RegExp(
          `${threshold.toFixed(2)} (best of the grid lowest of 3 with this F1 )?${f1.toFixed(3)} ${tp} ${fp} ${fn} `,
        ),
      );
  });

  it('reports missing scores, all or some', () => {
    const none = textOf(trainingOf(evaluationOf(12, { hasScores: false })));
    expect(none).toContain('Best threshold none the platform returned no scores');
    expect(none).toContain('The platform returned no scores with its predictions: no threshold can be chosen');
    expect(none).not.toMatch(/NaN|undefined|Infinity|null/);
    const some = told(
      ['a', 'b'],
      [
        ['a', 'a', 0.9],
        ['b', 'b'],
      ],
    );
    expect(textOf(trainingOf(some))).toContain('1 of 2 predictions came without a score: no threshold rejects them.');
  });

  it('says where the data came from and what was left out of it', () => {
    const of = trainingOf(small);
    const dataset = textOf(of);
    expect(dataset).toContain('the dataset bank-2026@4 8,622 utterances of 3 labels');
    expect(dataset).toContain(`Manifest of bank-2026@4 ${'4e5f6a7b'.repeat(8)}`);
    expect(dataset).toContain('Left out nothing Training took 21 min Compute units 3.5 used, 4 allocated');
    const { computeUnits, ...unpaid } = of;
    expect(computeUnits).toBeDefined();
    const file = textOf({
      ...unpaid,
      data: { ...of.data, source: { kind: 'file', name: 'utterances.csv' }, downsampled: { seed: 7, dropped: 1204 } },
      files: [{ name: 'config', key: 'models/x/config', bytes: 4096, sha256: 'f'.repeat(64) }],
      trainingDurationSeconds: 38.3,
    });
    expect(file).toContain('the file utterances.csv');
    expect(file).not.toContain('Manifest');
    expect(file).not.toContain('Compute units');
    expect(file).toContain('1,204 utterances dropped from the largest labels against an imbalance, seed 7');
    expect(file).toContain('Training took 38.3 s');
    expect(file).toContain(`1 file of the model File Bytes SHA-256 In the store config 4,096 ${'f'.repeat(64)}`);
    const partly = textOf({ ...of, computeUnits: { allocated: null, used: 2 } });
    expect(partly).toContain('2 used, allocated: not reported');
  });

  it('shows a model of one label', () => {
    const text = textOf(trainingOf(told(['only'], [['only', 'only']])));
    expect(text).toContain('100.0 % accuracy 1 of 1 prediction right');
    expect(text).toContain('1 prediction 1 label');
    expect(text).not.toMatch(/NaN|undefined|Infinity|null/);
  });
});

describe('the picture of the matrix', () => {
  /** What is painted in a view: the colour of each cell. */
  function cells(page: string, view: string): Map<string, string> {
    const group = new RegExp(`<g class="view ${view}"[^>]*>(.*?)</g>`, 's').exec(page)?.[1] ?? '';
    const paths = [...group.matchAll(/<path class="([^"]*)" d="([^"]*)"/g)];
    return new Map(
      paths.flatMap(([, colour = '', d = '']) =>
        [...d.matchAll(/M(\d+) (\d+)h1v1h-1z/g)].map(([, x, y]) => [`${y},${x}`, colour] as const),
      ),
    );
  }

  it('paints each cell that is not empty, right ones and mistaken ones, and without the diagonal', () => {
    const evaluated = evaluationOf(77);
    const { confusionMatrix, labels } = evaluate(evaluated);
    const page = trainingReport(trainingOf(evaluated));
    for (const view of ['share all', 'counts all', 'share mistakes', 'counts mistakes']) {
      const painted = cells(page, view);
      for (const [at, counts] of confusionMatrix.entries())
        for (const [to, count] of counts.entries()) {
          const isPainted = count > 0 && (at !== to || view.endsWith('all'));
          expect(painted.get(`${at},${to}`)?.split(' ')[0], `${view} ${at},${to}`).toBe(
            isPainted ? (at === to ? 'right' : 'wrong') : undefined,
          );
        }
    }
    const bounds = [0, 0.02, 0.05, 0.1, 0.2, 0.4, 0.7, 1];
    for (const [place, colour] of cells(page, 'share all')) {
      const [at = 0, to = 0] = place.split(',').map(Number);
      const share = (confusionMatrix[at]?.[to] ?? 0) / (labels[at]?.support ?? 0);
      const step = Number(/\d/.exec(colour)?.[0]);
      expect(share > (bounds[step - 1] ?? 1) && share <= (bounds[step] ?? 0), `${place}: ${share} in ${colour}`).toBe(
        true,
      );
    }
  });

  it('weighs little with 151 labels, and not too much when every pair is confused', () => {
    expect(trainingReport(trainingOf(evaluationOf(151))).length).toBeLessThan(400_000);
    const ids = Array.from({ length: 151 }, (_, index) => `l${index}`);
    const all = told(
      ids,
      ids.flatMap(actual => ids.map((predicted, index): Row => [actual, predicted, index / 151])),
    );
    expect(trainingReport(trainingOf(all)).length).toBeLessThan(2_500_000);
  });
});

describe('the page', () => {
  it('needs nothing else, and lets nothing else run', () => {
    const page = trainingReport(trainingOf(evaluationOf(77)));
    expect(page).not.toMatch(/\b(src|srcset|action|poster|xlink:href)=|@import ["'u]|url\((?!#)/);
    expect([...page.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)).toEqual(['data:,']);
    expect(page.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|\/\/[a-z]/i);
    expect(page).toContain('default-src &#39;none&#39;; style-src &#39;sha256-');
    expect(page.match(/<script>/g)).toHaveLength(1);
    expect(page).not.toMatch(/\sstyle="|\son[a-z]+="/);
  });

  it('shows names, ids and what else comes from outside as the text that it is', () => {
    const hostile = `</script><script>alert(1)</script><img src=x onerror=alert(2)>"'&<!--`;
    const labels = [
      { id: hostile, name: hostile },
      { id: 'b', name: '__proto__' },
    ];
    const rows = evaluation.parse({
      labels,
      predictions: [{ label: hostile, score: 0.4 }, hostile, 'b'],
      actuals: [hostile, 'b', hostile],
      trainingDurationSeconds: 1,
    });
    const of = trainingOf(rows);
    const page = trainingReport({
      ...of,
      skillId: hostile,
      jobId: hostile,
      request: hostile,
      at: hostile,
      by: hostile,
      data: { ...of.data, fingerprint: hostile, source: { kind: 'file', name: hostile } },
      files: [{ name: hostile, key: hostile, bytes: 1, sha256: hostile }],
    });
    expect(page).not.toContain('<img');
    expect(page).not.toContain('alert(1)</script>');
    expect(page).not.toContain('<!--');
    expect(page.match(/<script>/g)).toHaveLength(1);
    expect(page.match(/<\/script>/g)).toHaveLength(2);
    expect(page).toContain('&lt;img src=x onerror=alert(2)&gt;&quot;&#39;&amp;&lt;!--');
  });
});
