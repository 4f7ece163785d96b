import { z } from 'zod';

/** The languages that the platform extracts entities in. */
export const languages = ['en-US', 'en-GB', 'de-DE', 'es-ES', 'fr-FR'] as const;
export const language = z.enum(languages);
export type Language = z.infer<typeof language>;
