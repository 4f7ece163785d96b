import { writeFileSync } from 'node:fs';
import { openDeduper } from '../src/compute/dedup/deduper.ts';
import { fillSynthetic } from './synthetic.ts';

// Run by the dedup bench as a process of its own, whose peak memory is that of one dedup: node … ROWS DIMENSION THRESHOLD
// OUT. OUT takes a byte a row, 1 where it is kept. Prints seconds and bytes as JSON.
const [rows = 0, dimension = 0, threshold = 0] = process.argv.slice(2, 5).map(Number);
const vectors = new Float32Array(new SharedArrayBuffer(rows * dimension * 4));
fillSynthetic(vectors, dimension);

const deduper = openDeduper({ dimension, threshold });
const start = performance.now();
const { kept } = await deduper.decide(vectors);
const seconds = (performance.now() - start) / 1000;
await deduper.close();

writeFileSync(process.argv[5] ?? '', kept);
process.stdout.write(JSON.stringify({ seconds, peakBytes: process.resourceUsage().maxRSS * 1024 }));
