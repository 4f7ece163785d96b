import { MlopsError, systemCode } from '../../errors.ts';
import type { Upload, Uploads } from './uploads.ts';

/** The whole text of an upload, without a byte order mark. @throws MlopsError BAD_INPUT if it is not UTF-8 */
export async function readText(uploads: Pick<Uploads, 'read'>, upload: Upload): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of uploads.read(upload)) chunks.push(chunk);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch (error) {
    if (systemCode(error) !== 'ERR_ENCODING_INVALID_ENCODED_DATA') throw error;
    throw new MlopsError('BAD_INPUT', `${upload.name} is not UTF-8`, { where: upload.name });
  }
}
