import { createReadStream, writeFileSync } from 'node:fs';
import { parseFile } from 'fast-csv';
import { tuningParameters } from '../src/domain/roc/result.ts';
import { tuneIntents } from '../src/domain/roc/tune.ts';
import { readExport } from '../src/store/cv-export/read-export.ts';

// Run by the roc bench as a process of its own, whose peak memory is that of one tuning: node … WAY FILE OUT. OUT takes
// `{intent: [threshold, j, auc]}`. Prints seconds, those of reading alone, peak bytes and the longest time (ms) that the
// event loop did not turn, as JSON.
type Found = Record<string, readonly [number, number, number]>;

interface Times {
  readonly seconds: number;
  readonly reading: number;
}

async function ours(file: string, found: Found): Promise<Times> {
  const start = performance.now();
  const { samples } = await readExport(createReadStream(file, { highWaterMark: 2 ** 18 }), file);
  const read = performance.now();
  for await (const { intentId, raw } of tuneIntents(samples, () => true, tuningParameters.parse({})))
    found[intentId] = [raw.threshold ?? Number.POSITIVE_INFINITY, raw.jScore, raw.rocAuc];
  return { seconds: (performance.now() - start) / 1000, reading: (read - start) / 1000 };
}

/** What one writes without further thought: rows as objects, of each intent a filter, a sort and a walk. */
async function plain(file: string, found: Found): Promise<Times> {
  const start = performance.now();
  const rows: { intentId: string; label: number; confidence: number }[] = [];
  for await (const row of parseFile(file, { headers: true }))
    rows.push({
      intentId: row.intent_id,
      label: Number(row.actual_label),
      confidence: Number(row.predicted_confidence),
    });
  const read = performance.now();
  for (const intentId of new Set(rows.map(row => row.intentId))) {
    const own = rows.filter(row => row.intentId === intentId).sort((a, b) => b.confidence - a.confidence);
    const positives = own.filter(row => row.label === 1).length;
    let [tp, fp, area, best, threshold] = [0, 0, 0, 0, 0.5];
    own.forEach((row, at) => {
      if (row.label === 1) tp++;
      else area += tp / positives / (own.length - positives);
      if (row.label === 0) fp++;
      if (own[at + 1]?.confidence === row.confidence) return;
      const fpr = fp / (own.length - positives);
      const j = tp / positives - fpr;
      if (j <= best || fpr > 0.15) return;
      best = j;
      threshold = row.confidence;
    });
    found[intentId] = [threshold, best, area];
  }
  return { seconds: (performance.now() - start) / 1000, reading: (read - start) / 1000 };
}

const [way, file = '', out = ''] = process.argv.slice(2);
let longestTurn = 0;
let last = performance.now();
const timer = setInterval(() => {
  longestTurn = Math.max(longestTurn, performance.now() - last);
  last = performance.now();
}, 2);
const found: Found = {};
const times = await (way === 'ours' ? ours(file, found) : plain(file, found));
clearInterval(timer);
writeFileSync(out, JSON.stringify(found));
process.stdout.write(JSON.stringify({ ...times, longestTurn, peakBytes: process.resourceUsage().maxRSS * 1024 }));
