import { type Command, CommanderError } from 'commander';
import { isCoded, systemCode } from '../../src/errors.ts';
import { describe } from './describe-error.ts';
import { exitCodeOf, exitCodes } from './exit.ts';
import { Interrupted } from './interrupt.ts';
import { say } from './terminal.ts';

/** Runs the command line and sets the exit code; what went wrong is one line on stderr. */
export async function runProgram(program: Command): Promise<void> {
  // The reader may close the pipe early (`head`): that is not a failure.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  try {
    await program.parseAsync();
  } catch (error) {
    process.exitCode = exitCodeFor(error);
  }
  // Threads and connections that are still closing must not keep a finished command.
  await new Promise(resolve => process.stdout.write('', resolve));
  process.exit();
}

function exitCodeFor(error: unknown): number {
  // Commander has printed its own message already; its help and version end well.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.badInput;
  if (error instanceof Interrupted) {
    say('interrupted: what is queued stays queued, and goes on with any worker (worker, up)');
    return error.exitCode;
  }
  say(`error: ${describe(error)}`);
  if (!isCoded(error) && systemCode(error) === undefined && error instanceof Error && error.stack !== undefined)
    say(error.stack.split('\n').slice(1, 6).join('\n'));
  return exitCodeOf(error);
}
