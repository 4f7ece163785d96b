import { resolve } from 'node:path';

/** The folder that an `ARTIFACTS_URL` of the `file:` kind names, or why it names none. */
export type FileUrl = { readonly folder: string } | { readonly problem: string };

/**
 * Reads `file:PATH` and `file:///PATH` by one rule: a path, relative to the working folder unless it starts with `/`, in
 * which `%XX` is decoded. What other programs read in different ways is refused.
 */
export function readFileUrl(url: string): FileUrl {
  if (/^\s|\s$|\p{Cc}/u.test(url)) return { problem: 'must not begin or end with a space, or contain a line break' };
  const [, host, path = ''] = /^file:(?:\/\/([^/?#]*))?(.*)$/is.exec(url) ?? [];
  const problem = hostProblem(host, path) ?? pathProblem(path);
  if (problem !== null) return { problem };
  return { folder: resolve(decodeURIComponent(path)) };
}

function hostProblem(host: string | undefined, path: string): string | null {
  if (host === undefined || host === '' || host.toLowerCase() === 'localhost') return null;
  const meant = host === '.' || host === '..' || path === '' || host === '~' ? `file:${host}${path}` : `file:${path}`;
  return `must not name a host ("${host}"): for a path write ${meant}`;
}

function pathProblem(path: string): string | null {
  if (path === '') return 'must name a folder, such as file:./data or file:/srv/data';
  for (const [character, code] of [
    ['#', '%23'],
    ['?', '%3F'],
  ] as const)
    if (path.includes(character)) return `must not contain "${character}": write ${code} where it is part of the path`;
  if (/^\/*~/.test(path)) return 'must not begin with "~", which only shells expand: write the whole path';
  if (path.startsWith('//'))
    return `must not begin with more slashes than file:///: write file:${path.replace(/^\/+/, '/')}`;
  const decoded = decodedPath(path);
  if (decoded === null)
    return 'must not contain a "%" that is not followed by two hexadecimal digits: write %25 for it';
  if (/%2f|%00/i.test(path)) return 'must not contain %2F or %00';
  if (resolve(decoded) === '/') return 'must not be the root of the file system: name a folder';
  return null;
}

function decodedPath(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}
