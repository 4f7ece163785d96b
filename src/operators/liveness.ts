import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';

/** Where a supervisor looks for signs of life of a process with workers. */
export interface LivenessPlaces {
  /** A file whose time of change is its last sign of life; `null`: none. */
  readonly file: string | null;
  /** systemd's `NOTIFY_SOCKET` and `WATCHDOG_USEC`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Gives supervisors a sign of life: changes the file, and notifies systemd's watchdog. What fails is left to the
 * supervisor, which then misses the sign.
 */
export function signLife({ file, environment }: LivenessPlaces): void {
  if (file !== null)
    try {
      writeFileSync(file, `${new Date().toISOString()}\n`);
    } catch {}
  const { NOTIFY_SOCKET, WATCHDOG_USEC } = environment;
  // Node has no datagrams on Unix sockets.
  if (NOTIFY_SOCKET !== undefined && WATCHDOG_USEC !== undefined)
    execFile('systemd-notify', ['WATCHDOG=1'], () => undefined);
}
