import { type Command, CommanderError } from 'commander';
import { isCoded, systemCode } from '../../src/errors.ts';
import { redisError } from '../../src/redis/replies.ts';
import { commandLine } from './called-as.ts';
import { describe } from './describe-error.ts';
import { exitCodeOf, exitCodes } from './exit.ts';
import { Interrupted } from './interrupt.ts';
import { say } from './terminal.ts';

/** Runs the command line and sets the exit code; an error is printed as one line on stderr. */
export async function runProgram(program: Command): Promise<void> {
  let lost: string | undefined;
  process.stdout.on('error', error => {
    // The reader may close the pipe early (`head`): that is not a failure.
    if (systemCode(error) !== 'EPIPE') lost ??= systemCode(error) ?? error.message;
  });
  process.stderr.on('error', () => undefined);
  try {
    await program.parseAsync();
  } catch (error) {
    process.exitCode = exitCodeFor(error);
  }
  // Threads and connections that are still closing must not keep a finished command running.
  await new Promise(resolve => process.stdout.write('', resolve));
  if (lost !== undefined && (process.exitCode ?? exitCodes.ok) === exitCodes.ok) {
    say(`error: cannot write standard output: ${lost}`);
    process.exitCode = exitCodes.failed;
  }
  process.exit();
}

function exitCodeFor(thrown: unknown): number {
  const error = redisError(thrown) ?? thrown;
  // Commander has printed its own message already; help and version exit with 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.badInput;
  if (error instanceof Interrupted) {
    say(
      `Interrupted. Queued jobs stay queued; run ${commandLine(process.argv[2] ?? '')} again with the same options and --wait to follow them`,
    );
    return error.exitCode;
  }
  say(`error: ${describe(error)}`);
  if (!isCoded(error) && systemCode(error) === undefined && error instanceof Error && error.stack !== undefined)
    say(error.stack.split('\n').slice(1, 6).join('\n'));
  return exitCodeOf(error);
}
