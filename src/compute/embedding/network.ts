import { AutoModel, Tensor } from '@xenova/transformers';
import { MlopsError } from '../../errors.ts';
import { locate } from './location.ts';
import type { Model } from './model.ts';
import { meanPool } from './pooling.ts';

export interface Network {
  /** Writes the vector of `batch[i]` (token ids) to place `places[i]` of `vectors`. Blocks its thread until done. */
  embed(batch: readonly (readonly number[])[], places: readonly number[], vectors: Float32Array): Promise<void>;
}

/** Loads the network of `model`, to run on `threads` cores. */
export async function loadNetwork(model: Model, threads: number): Promise<Network> {
  const network = await AutoModel.from_pretrained(locate(model.path), {
    device: 'cpu',
    dtype: model.dtype,
    session_options: {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      // By default a core with nothing to do spins until its next share. Two processes on two cores then ran at 30 % of
      // the speed they have when it spins as briefly as this; a process alone is not measurably slower.
      extra: { session: { intra_op: { spin_duration_us: '20' } } },
    },
  });

  return {
    async embed(batch, places, vectors) {
      const width = batch.reduce((longest, ids) => Math.max(longest, ids.length), 0);
      const output: unknown = await network(inputs(batch, width));
      const hidden = hiddenStates(output, [batch.length, width, model.dimension]);
      batch.forEach((ids, row) => {
        const to = (places[row] ?? 0) * model.dimension;
        meanPool(hidden, row * width * model.dimension, ids.length, vectors, to, model.dimension);
      });
    },
  };
}

function inputs(batch: readonly (readonly number[])[], width: number): Record<string, Tensor> {
  const ids = new BigInt64Array(batch.length * width);
  const mask = new BigInt64Array(batch.length * width);
  batch.forEach((tokens, row) => {
    tokens.forEach((token, column) => {
      ids[row * width + column] = BigInt(token);
      mask[row * width + column] = 1n;
    });
  });
  const shape = [batch.length, width];
  return { input_ids: new Tensor('int64', ids, shape), attention_mask: new Tensor('int64', mask, shape) };
}

function hiddenStates(output: unknown, shape: readonly number[]): Float32Array {
  const states =
    typeof output === 'object' && output !== null && 'last_hidden_state' in output && output.last_hidden_state;
  if (!(states instanceof Tensor) || !(states.data instanceof Float32Array) || `${states.dims}` !== `${shape}`) {
    throw new MlopsError(
      'MODEL_DAMAGED',
      `The model gives no last_hidden_state of ${shape.join(' × ')} float32 numbers. Install the package again, or let MODEL_PATH name another model.`,
    );
  }
  return states.data;
}
