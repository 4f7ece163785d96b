import { z } from 'zod';

/** ISO 8601 in UTC with milliseconds, as the platform writes it: `2023-10-05T14:22:10.000Z`. Such texts sort as the instants do. */
export const instant = z.iso.datetime({
  precision: 3,
  offset: false,
  local: false,
  error: ({ code }) =>
    code === 'invalid_format' ? 'must be an instant with milliseconds, such as 2023-10-05T14:22:10.000Z' : undefined,
});

/** One message of a conversation. `text` null or absent counts as empty; its own timestamp is not read. */
const message = z.object({
  from: z.string(),
  text: z
    .string()
    .nullish()
    .transform(text => text ?? ''),
  timestamp: z.unknown().optional(),
});

/** One conversation of the interaction log. `rating` is the customer's own; null if not rated. */
export const interaction = z.object({
  id: z.string().min(1),
  timestamp: instant,
  botId: z.string().min(1),
  rating: z.number().nullable(),
  messages: z.array(message),
});

export type Interaction = z.infer<typeof interaction>;
