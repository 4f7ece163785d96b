import { AutoModel, Tensor } from '@xenova/transformers';
import { MlopsError } from '../../errors.ts';
import { locate } from './location.ts';
import type { Sequences } from './messages.ts';
import type { Model } from './model.ts';
import { meanPool } from './pooling.ts';

export interface Network {
  /** The vectors of the sequences, in their order. Blocks its thread until done. */
  embed(sequences: Sequences): Promise<Float32Array<ArrayBuffer>>;
}

/**
 * Loads the network of `model`, to run on one core: two sessions on a core each embed more than one session on both,
 * which waits for its slower half after each layer.
 */
export async function loadNetwork(model: Model): Promise<Network> {
  const network = await AutoModel.from_pretrained(locate(model.path), {
    device: 'cpu',
    dtype: model.dtype,
    session_options: { intraOpNumThreads: 1, interOpNumThreads: 1 },
  });

  return {
    async embed({ ids, lengths }) {
      if (lengths.length === 0) return new Float32Array(0);
      const width = lengths.reduce((longest, length) => Math.max(longest, length), 0);
      const output: unknown = await network(inputs(ids, lengths, width));
      const hidden = hiddenStates(output, [lengths.length, width, model.dimension]);
      const vectors = new Float32Array(lengths.length * model.dimension);
      lengths.forEach((length, row) => {
        meanPool(hidden, row * width * model.dimension, length, vectors, row * model.dimension, model.dimension);
      });
      return vectors;
    },
  };
}

function inputs(ids: Int32Array, lengths: Int32Array, width: number): Record<string, Tensor> {
  const padded = new BigInt64Array(lengths.length * width);
  const mask = new BigInt64Array(lengths.length * width);
  let from = 0;
  lengths.forEach((length, row) => {
    for (let column = 0; column < length; column++) {
      padded[row * width + column] = BigInt(ids[from + column] ?? 0);
      mask[row * width + column] = 1n;
    }
    from += length;
  });
  const shape = [lengths.length, width];
  return { input_ids: new Tensor('int64', padded, shape), attention_mask: new Tensor('int64', mask, shape) };
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
