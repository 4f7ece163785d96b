import { buildProgram } from './program.ts';
import { runProgram } from './run-program.ts';

// Whatever a command or its children create is for this user alone.
process.umask(0o077);
await runProgram(await buildProgram(process.argv.slice(2)));
