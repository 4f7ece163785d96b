import { isCoded } from '../../src/errors.ts';
import { commandLine } from './called-as.ts';
import { commands } from './commands.ts';

/**
 * An error as a command prints it: the option it concerns (unless the message names it), the message, the code and,
 * unless the input itself is invalid, the remedy. Commands in them are shown as this program is called.
 */
export function describe(error: unknown): string {
  if (!isCoded(error)) return error instanceof Error ? error.message : String(error);
  const { entry, field, message } = error;
  const option = field === undefined ? '' : optionOf(field);
  const about = option === '' || message.includes(option) ? message : `${option}: ${message}`;
  const remedy = entry.exit === 1 ? `\n${entry.remedy}` : '';
  return withCommandLines(`${about} [${entry.code}]${remedy}`);
}

/** `lookBack`: `--look-back` */
function optionOf(field: string): string {
  return `--${field.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`;
}

/** `` `dataset list` ``: `npx cxone-mlops dataset list` */
export function withCommandLines(text: string): string {
  return text.replaceAll(/`([a-z]+)((?: [^`]*)?)`/g, (quoted, command: string, rest: string) =>
    Object.hasOwn(commands, command) ? commandLine(`${command}${rest}`) : quoted,
  );
}
