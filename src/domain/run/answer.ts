import { z } from 'zod';
import { instant } from '../interaction/interaction.ts';

/** What `extract-turns` made of one page: `runs/<run>/turns/<ask>`. */
export const extractedPage = z.strictObject({
  pass: z.number().int(),
  page: z.number().int(),
  attempt: z.number().int(),
  sentAt: z.number(),
  total: z.number().int(),
  rows: z.number().int(),
  newer: z.number().int(),
  /** The interactions of the window, in the page's order. */
  interactions: z.array(
    z.strictObject({
      id: z.string(),
      timestamp: instant,
      botId: z.string(),
      rating: z.number().nullable(),
      /** `[user utterance, bot response]` of each turn, for those rated well enough and of the bots wanted. */
      turns: z.array(z.tuple([z.string(), z.string()])),
      /** Who wrote in it, where it was wanted and gave no turn. */
      senders: z.array(z.string()).optional(),
    }),
  ),
  rejects: z.array(
    z.strictObject({ id: z.string().nullable(), key: z.string(), field: z.string(), problem: z.string() }),
  ),
});
export type ExtractedPage = z.infer<typeof extractedPage>;
export type ExtractedInteraction = ExtractedPage['interactions'][number];
