import { type Answer, refuse } from '../kernel/answer.ts';
import type { SandboxRequest } from '../kernel/sandbox-request.ts';
import type { Artifact } from './artifacts.ts';

interface Part {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

/**
 * An artifact, or the part of it that the request asks for (RFC 9110 §14): one range of bytes is answered 206, one
 * beyond the end 416, several or malformed ones as if there were none. `etag` is a strong validator, in its quotes.
 */
export function download(request: SandboxRequest, artifact: Artifact, etag: string): Answer {
  const headers = { 'accept-ranges': 'bytes', 'content-type': artifact.contentType, etag };
  // With `If-Range` a part is wanted only of the file that the caller has the beginning of.
  const isSame = request.ifRange === undefined || request.ifRange === etag;
  const part = isSame ? partOf(request.range, artifact.size) : null;
  if (part === null) return { status: 200, headers, body: artifact.bytes(0, artifact.size) };
  if (part === 'beyond')
    return refuse(416, 'The range is beyond the end.', { headers: { 'content-range': `bytes */${artifact.size}` } });
  return {
    status: 206,
    headers: { ...headers, 'content-range': `bytes ${part.from}-${part.to - 1}/${artifact.size}` },
    body: artifact.bytes(part.from, part.to),
  };
}

/** Null for the whole. */
function partOf(range: string | undefined, size: number): Part | 'beyond' | null {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/i.exec(range?.trim() ?? '') ?? [];
  if (first === undefined || last === undefined || first + last === '') return null;
  const part =
    first === ''
      ? { from: Math.max(0, size - Number(last)), to: size }
      : { from: Number(first), to: last === '' ? size : Math.min(size, Number(last) + 1) };
  if (first !== '' && last !== '' && Number(last) < Number(first)) return null;
  return part.from < part.to ? part : 'beyond';
}
