/** Runs the command lines of its first argument one after the other; prints its second, and exit codes, between them. */
import { CommanderError } from 'commander';
import { z } from 'zod';
import { describe } from '../../producers/cli/describe-error.ts';
import { exitCodeOf, exitCodes } from '../../producers/cli/exit.ts';
import { buildProgram } from '../../producers/cli/program.ts';

process.setMaxListeners(100);
const [lines = '', mark = ''] = process.argv.slice(2);
for (const words of z.array(z.array(z.string())).parse(JSON.parse(lines))) {
  process.exitCode = exitCodes.ok;
  try {
    await (await buildProgram(words)).parseAsync(words, { from: 'user' });
  } catch (error) {
    process.exitCode = error instanceof CommanderError ? exitCodes.badInput : exitCodeOf(error);
    process.stderr.write(`error: ${error instanceof Error ? describe(error) : ''}\n`);
  }
  process.stdout.write(`${process.exitCode}${mark}`);
  process.stderr.write(mark);
}
process.exit();
