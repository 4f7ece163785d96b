import { type Handler, handle } from '../../src/runtime/handler.ts';
import type { Needs, Outcome } from './context.ts';
import { extractChunk } from './extract-chunk.ts';
import { extractText } from './extract-text.ts';
import { extractEntities } from './job.ts';
import { openBatch } from './open-batch.ts';

export const handler: Handler<Needs> = handle(extractEntities, async (payload, context): Promise<Outcome> => {
  switch (payload.kind) {
    case 'text':
      return await extractText(payload, context);
    case 'batch':
      return await openBatch(payload, context);
    case 'chunk':
      return await extractChunk(payload, context);
  }
});
