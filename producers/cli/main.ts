import { buildProgram } from './program.ts';
import { runProgram } from './run-program.ts';

// Files that a command or its child processes create are readable only by this user.
process.umask(0o077);
await runProgram(await buildProgram(process.argv.slice(2)));
