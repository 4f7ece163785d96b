import { MlopsError } from '../../src/errors.ts';
import type { Upload } from '../../src/store/uploads/uploads.ts';
import type { RequestContext } from './flow-route.ts';
import { mayUse } from './guard.ts';

/**
 * The upload that a body names. One of another owner is answered like one that does not exist.
 * @param field the body's field with the ref
 * @param content what the upload holds, for the message
 * @throws MlopsError UPLOAD_NOT_FOUND
 */
export async function ownUpload(
  ref: string,
  field: string,
  content: string,
  { app, caller }: Pick<RequestContext, 'app' | 'caller'>,
): Promise<Upload> {
  const upload = await app.uploads.find(ref);
  if (upload !== null && mayUse(caller, upload)) return upload;
  const message = `upload ${ref} was not found or has expired. Upload the ${content} first`;
  throw new MlopsError('UPLOAD_NOT_FOUND', message, { field });
}
