import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { openEmbedder } from '../src/compute/embedding/embedder.ts';
import { type Interaction, interaction } from '../src/domain/interaction/interaction.ts';

export const dimension = 384;

const cache = new URL('.cache/', import.meta.url);
const data = process.env.BENCH_DATA ?? fileURLToPath(new URL('../../shared/data/', import.meta.url));

/**
 * The embeddings of `count` real user utterances in the order in which a run takes them, newest conversation first:
 * n × 384, unit length. Computed once and kept in `bench/.cache`, under a name that changes with the texts.
 *
 * @throws when the data folder (`BENCH_DATA`) holds too few distinct utterances
 */
export async function realVectors(count: number): Promise<Float32Array> {
  const texts = await distinctUtterances(count);
  const digest = createHash('sha256').update(JSON.stringify(texts)).digest('hex').slice(0, 16);
  const file = new URL(`utterances-${count}-${digest}.f32`, cache);
  if (!existsSync(file)) {
    const vectors = await embed(texts);
    await mkdir(cache, { recursive: true });
    const draft = new URL(`${file.href}.${process.pid}`);
    await writeFile(draft, new Uint8Array(vectors.buffer, vectors.byteOffset, vectors.byteLength));
    await rename(draft, file);
  }
  const vectors = new Float32Array(count * dimension);
  new Uint8Array(vectors.buffer).set(await readFile(file));
  return vectors;
}

/** `count` distinct texts that users said, spread evenly over all conversations. */
async function distinctUtterances(count: number): Promise<string[]> {
  const texts = new Set<string>();
  for (const { messages } of await conversations()) {
    for (const { from, text } of messages) {
      if (from === 'user' && text.trim() !== '') texts.add(text.trim());
    }
  }
  if (texts.size < count) throw new Error(`${data} holds ${texts.size} distinct user utterances, ${count} are needed`);
  const all = [...texts];
  return Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)] ?? '');
}

async function conversations(): Promise<Interaction[]> {
  const found: Interaction[] = [];
  for (const name of await readdir(data)) {
    if (!/^interactions_.*\.jsonl(\.gz)?$/.test(name)) continue;
    const bytes = await readFile(`${data}/${name}`);
    const lines = (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').split('\n');
    for (const line of lines) if (line !== '') found.push(interaction.parse(JSON.parse(line)));
  }
  return found.sort((a, b) => spec(b.timestamp, a.timestamp) || spec(a.id, b.id));
}

function spec(a: string, b: string): number {
  return Number(a > b) - Number(a < b);
}

async function embed(texts: readonly string[]): Promise<Float32Array> {
  const embedder = await openEmbedder();
  try {
    return await embedder.embed(texts);
  } finally {
    await embedder.close();
  }
}
