import { readFileSync, statSync } from 'node:fs';

/** The process that has locked `file` with `flock`; `null`: none, or this system does not say. */
export function lockHolder(file: string): number | null {
  try {
    const { ino } = statSync(file);
    const lines = readFileSync('/proc/locks', 'utf8').split('\n');
    const held = lines.find(line => / FLOCK .* /.test(line) && !line.includes('->') && line.includes(`:${ino} `));
    const pid = held?.trim().split(/\s+/)[4];
    return pid === undefined ? null : Number(pid);
  } catch {
    return null;
  }
}
