import { z } from 'zod';

/** One entity as the platform found it. Offsets may be UTF-16 code units or code points, or neither: `spans.ts` checks them. */
export const platformEntity = z.object({
  name: z.string().min(1),
  value: z.string(),
  confidence: z.number().min(0).max(1),
  start: z.number().int(),
  end: z.number().int(),
});
export type PlatformEntity = z.infer<typeof platformEntity>;

/** The platform's answer to an extraction request. Fields that we do not use may be missing. */
export const platformAnswer = z.object({
  entities: z.array(platformEntity),
  language: z.string().optional(),
  processingTimeMs: z.number().nonnegative().optional(),
});
export type PlatformAnswer = z.infer<typeof platformAnswer>;
