import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { App } from '../../src/app/app.ts';
import { isCoded, MlopsError } from '../../src/errors.ts';
import { callerOf } from './guard.ts';
import { problems, Refused } from './problem.ts';

/** Accepted content types of uploads. The content is validated when a request uses it. */
const contentTypes = [
  'text/csv',
  'application/json',
  'application/x-ndjson',
  'application/gzip',
  'application/octet-stream',
];

/** 2 GiB. */
export const mostUploadBytes = 2 ** 31;
/** A sender that sends nothing for this long is disconnected. */
const silenceMs = 60_000;
const dayMs = 24 * 3_600_000;

const taken = z.object({
  ref: z.uuid().describe('Use this ref in request bodies'),
  bytes: z.int(),
  sha256: z.string(),
});

/** Uploads are streamed to the store; no file is held in Redis or in memory. */
export function uploadRoute(app: App, most: number = mostUploadBytes) {
  return async (scope: FastifyInstance): Promise<void> => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(contentTypes, (_, payload, done) => done(null, payload));

    scope.withTypeProvider<ZodTypeProvider>().post(
      '/uploads',
      {
        schema: {
          summary: 'Store a file',
          tags: ['uploads'],
          operationId: 'upload',
          consumes: contentTypes,
          description:
            'Up to 2 GiB, streamed. Requests use the file by its ref; it is kept for at least a week by default.',
          querystring: z.strictObject({
            name: z.string().min(1).max(255).optional().describe('The file’s name (default: from Content-Disposition)'),
          }),
          body: z.any().meta({ type: 'string', format: 'binary', description: 'The file’s bytes' }),
          response: { 201: taken.meta({ description: 'Stored' }), ...problems(400, 401, 403, 413, 415, 503) },
        },
        config: { access: 'request' },
        bodyLimit: most,
        handlerTimeout: dayMs,
      },
      async (request, reply) => {
        const { 'content-length': length, 'content-disposition': disposition } = request.headers;
        if (Number(length ?? 0) > most) throw tooLarge(most);
        request.raw.setTimeout(silenceMs, () => request.raw.destroy());
        const { owner } = callerOf(request, app.config);
        const name = nameOf(request.query.name ?? fileNameIn(disposition) ?? 'upload');
        const { ref, bytes, sha256 } = await app.uploads.take(name, limited(request.raw, most), { owner });
        return await reply.status(201).send({ ref, bytes, sha256 });
      },
    );
  };
}

/** @throws Refused 413; MlopsError BAD_INPUT if the sender disconnected */
async function* limited(source: AsyncIterable<Uint8Array>, most: number): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  try {
    for await (const chunk of source) {
      bytes += chunk.byteLength;
      if (bytes > most) throw tooLarge(most);
      yield chunk;
    }
  } catch (error) {
    if (error instanceof Refused || isCoded(error)) throw error;
    throw new MlopsError('BAD_INPUT', 'the upload was interrupted. Send it again', { cause: error });
  }
}

function tooLarge(most: number): Refused {
  // The rest of the body is not read, so the connection is closed with this answer.
  return new Refused(413, 'upload-too-large', `Uploads are limited to ${most} bytes`, { connection: 'close' });
}

/** The last part of a path, without control characters. */
function nameOf(given: string): string {
  const last = given.split(/[\\/]/).at(-1) ?? '';
  const clean = last.replaceAll(/\p{Cc}/gu, '').trim();
  return clean === '' ? 'upload' : clean;
}

/** RFC 6266: `filename*` before `filename`. */
function fileNameIn(disposition: string | undefined): string | undefined {
  const extended = /filename\*=UTF-8'[^']*'([^;]+)/i.exec(disposition ?? '')?.[1];
  if (extended !== undefined && isDecodable(extended)) return decodeURIComponent(extended.trim());
  return /filename="([^"]{1,255})"|filename=([^;\s"]{1,255})/i
    .exec(disposition ?? '')
    ?.slice(1)
    .find(Boolean);
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
