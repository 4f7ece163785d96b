import { z } from 'zod';
import type { App } from '../../src/app/app.ts';

const ofTenant = z.object({ tenant: z.string().describe('The tenant that the result belongs to') });

/** A flow's result as the API answers it: with the tenant, as `--json` of the command prints it. */
export function resultShape(result: z.ZodType) {
  return z.intersection(ofTenant, result);
}

export function shownResult({ config }: Pick<App, 'config'>, result: unknown): { readonly tenant: string } {
  return { tenant: config.tenant.key, ...Object(result) };
}
