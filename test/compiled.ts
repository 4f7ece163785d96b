import { join } from 'node:path';
import { inject } from 'vitest';

/** A file of the package that this run compiled. */
export function compiled(file: string): string {
  return join(inject('compiled'), file);
}
