/**
 * What a bot's invented conversations are made of. Texts are templates: `(a|b)` is one of the two, `[a]` may be left
 * out, `{slot}` is a value that stays the same through one conversation, `#` is a digit, and a backslash takes the next
 * character as it is.
 */
export interface BotTemplates {
  readonly botId: string;
  readonly greetings: readonly string[];
  readonly slots: Slots;
  /** What customers add to their request. */
  readonly asides: readonly string[];
  readonly flows: readonly Flow[];
}

export type Slots = Readonly<Record<string, readonly string[]>>;

/** One reason to write to the bot, step by step. */
export interface Flow {
  /** How often it comes up, in relation to the bot's other flows. */
  readonly weight: number;
  /** English unless said: no English noise is put on other languages. */
  readonly language?: 'es' | 'de' | 'fr' | 'pt';
  readonly steps: readonly Step[];
}

export interface Step {
  readonly user: readonly string[];
  readonly bot: readonly string[];
}
