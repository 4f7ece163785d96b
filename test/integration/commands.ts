import { compiled } from '../compiled.ts';
import type { ProgramEnd } from './program-run.ts';
import type { Site } from './site.ts';

/** Follows what each command printed. */
const mark = '\u0001\n';

/**
 * How the commands ended, run one after the other in one process, which starts but once: for what is about a command and
 * not about its process.
 */
export async function commands(
  site: Site,
  lines: readonly (readonly string[])[],
  changes: Readonly<Record<string, string>> = {},
): Promise<Pick<ProgramEnd, 'code' | 'stdout' | 'stderr'>[]> {
  const words = [process.execPath, compiled('dist/test/integration/commands-process.js'), JSON.stringify(lines), mark];
  const end = await site.start(words, changes).ended;
  const [outputs, errors] = [end.stdout.split(mark), end.stderr.split(mark)];
  if (outputs.length !== lines.length + 1) throw new Error(`the commands broke off: ${end.stderr}`);
  return lines.map((_, index) => {
    const output = outputs[index] ?? '';
    const code = /\d+$/.exec(output)?.[0] ?? '';
    return { code: Number(code), stdout: output.slice(0, output.length - code.length), stderr: errors[index] ?? '' };
  });
}
