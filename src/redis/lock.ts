import { findProgram } from './program.ts';

/**
 * Locks are the kernel's (`flock(2)`): it releases them when the last process that has them open is gone, however it
 * ended. Linux has the program `flock`; macOS has none, but Perl, which makes the same call.
 */
const hasFlock = () => findProgram('flock') !== null;

/** Runs a command while `$ARGV[0]` is locked; exits 1 if it is locked already. The command inherits the open file. */
const perlTry = '$^F = 255; open(L, ">>", shift) and flock(L, 6) or exit 1; exec @ARGV; exit 1';

/** Start of a command line that runs the rest of it while `file` is locked, and fails at once if it is locked already. */
export function lockCommand(file: string): readonly string[] {
  return hasFlock() ? ['flock', '-n', file] : ['perl', '-e', perlTry, file];
}

/** A shell command that locks its open file 9, once no other process has it locked. */
export function lockOpenFile(): string {
  return hasFlock() ? 'flock 9' : `perl -e 'open(L, ">>&=", 9) and flock(L, 2) or exit 1'`;
}
