import { usableCores } from '../cores.ts';

/** Memory that a session takes: weights in float32, packed for the core, and the states of a batch. Measured, in MB. */
const sessionMb = 170;
/** Memory of the tokenizer's thread, in MB. */
const tokenizerMb = 100;
/** The share of the memory for remembered vectors, and the most that they take, in MB. */
const remembered = { share: 1 / 16, mostMb: 100 };

/** Bytes of a vector as it is remembered, beside its numbers. */
const overheadBytes = 256;

/** Numbers of a vector, of the models of this size: others remember more or fewer bytes. */
const dimension = 384;

/** What fits into `memoryMb`: sessions, at most one for each usable core and at least one, and remembered vectors. */
export function fitMemory(
  memoryMb: number,
  cores = usableCores(),
): { readonly sessions: number; readonly cachedVectors: number } {
  const rememberedMb = Math.min(remembered.mostMb, memoryMb * remembered.share);
  const fitting = Math.floor((memoryMb - tokenizerMb - rememberedMb) / sessionMb);
  return {
    sessions: Math.max(1, Math.min(cores, fitting)),
    cachedVectors: Math.floor((rememberedMb * 1e6) / (dimension * 4 + overheadBytes)),
  };
}
