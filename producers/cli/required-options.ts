import type { Command } from 'commander';

/**
 * Commander looks for missing options before it looks for unknown ones, and so blames a misspelled option for being
 * missing. Here, what is required is checked last.
 */
export function requireLast(command: Command): void {
  const required = command.options.filter(option => option.mandatory);
  for (const option of required) option.mandatory = false;
  command.hook('preAction', (_, action) => {
    if (action !== command) return;
    const missing = required.find(option => command.getOptionValue(option.attributeName()) === undefined);
    if (missing === undefined) return;
    command.error(`error: required option '${missing.flags}' not specified`, {
      code: 'commander.missingMandatoryOptionValue',
    });
  });
}
