import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** How a program ended, and all that it printed. */
export interface ProgramEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that was started. */
export interface ProgramRun {
  readonly child: ChildProcess;
  readonly ended: Promise<ProgramEnd>;
  /** Resolves once the program has printed `text` on stdout; rejects when it ends without. */
  said(text: string): Promise<void>;
}

export interface ProgramPlace {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Starts a program that sees nothing of our environment but where programs and the home folder are. */
export function startProgram(command: readonly string[], { folder, environment }: ProgramPlace): ProgramRun {
  const [program = '', ...words] = command;
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(program, words, {
    cwd: folder,
    env: { PATH, HOME, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  const listeners = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    for (const listener of listeners) listener();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<ProgramEnd>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return {
    child,
    ended,
    async said(text) {
      const said = new Promise<void>(resolve => {
        const look = () => {
          if (stdout.includes(text)) resolve();
        };
        listeners.add(look);
        look();
      });
      await Promise.race([
        said,
        ended.then(end => {
          throw new Error(
            `${command.join(' ')} ended (${end.code ?? end.signal}) without saying ${text}: ${end.stderr}`,
          );
        }),
      ]);
    },
  };
}

/** The processes that work in or with `folder`, as `pid command`. */
export function processesOf(folder: string): string[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap(pid => {
      const command = readProcess(pid, 'cmdline');
      return `${command}\n${readProcess(pid, 'environ')}`.includes(folder)
        ? [`${pid} ${command.replaceAll('\0', ' ')}`]
        : [];
    });
}

/** A process that has ended meanwhile, or is not ours to look at, has nothing to show. */
function readProcess(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
