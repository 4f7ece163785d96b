// A thread that runs batches through one inference session, as one would write it by hand: no library around it.
import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';

const { model, batches, next } = workerData;
const library = createRequire(createRequire(import.meta.url).resolve('@xenova/transformers'));
const { InferenceSession, Tensor } = library('onnxruntime-node');
const session = await InferenceSession.create(model, { intraOpNumThreads: 1, interOpNumThreads: 1 });

parentPort.on('message', async () => {
  for (let at = Atomics.add(next, 0, 1); at < batches.length; at = Atomics.add(next, 0, 1)) {
    const { ids, mask, shape } = batches[at];
    const types = session.inputNames.includes('token_type_ids')
      ? { token_type_ids: new Tensor('int64', new BigInt64Array(ids.length), shape) }
      : {};
    await session.run({
      input_ids: new Tensor('int64', ids, shape),
      attention_mask: new Tensor('int64', mask, shape),
      ...types,
    });
  }
  parentPort.postMessage('done');
});
parentPort.postMessage('ready');
