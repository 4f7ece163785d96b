import { isCoded } from '../../src/errors.ts';

/**
 * An error as a command prints it: the option it concerns (unless the message names it), the message, the code and,
 * unless the input itself is invalid, the remedy.
 */
export function describe(error: unknown): string {
  if (!isCoded(error)) return error instanceof Error ? error.message : String(error);
  const { entry, field, message } = error;
  const option = field === undefined ? '' : optionOf(field);
  const about = option === '' || message.includes(option) ? message : `${option}: ${message}`;
  const remedy = entry.exit === 1 ? `\n${entry.remedy}` : '';
  return `${about} [${entry.code}]${remedy}`;
}

/** `lookBack`: `--look-back` */
function optionOf(field: string): string {
  return `--${field.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`;
}
