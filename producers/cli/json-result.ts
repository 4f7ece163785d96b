import { config } from './environment.ts';
import { print } from './terminal.ts';

/**
 * Prints a command's result as one JSON object that begins with the tenant. A list is a field of it, named by its noun.
 * @param tenant its name, if it is not the configured one
 */
export function printJson(result: object, tenant: string = config().tenant.key): void {
  print(JSON.stringify({ tenant, ...result }));
}
