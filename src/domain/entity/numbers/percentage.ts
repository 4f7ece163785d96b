import type { Language } from '../language.ts';
import { numberOfPhrase } from './number.ts';

const signs: Readonly<Record<Language, RegExp>> = {
  'en-US': /\s*(?:%|percent|per cent|pct\.?)$/i,
  'en-GB': /\s*(?:%|percent|per cent|pct\.?)$/i,
  'de-DE': /\s*(?:%|prozent|v\. ?h\.)$/i,
  'es-ES': /\s*(?:%|por ciento)$/i,
  'fr-FR': /\s*(?:%|pour cent|pourcents?)$/i,
};

/** 12.5 for `12,5 %` in German; `null` for what is not a percentage. */
export function percentageOf(phrase: string, language: Language): number | null {
  const text = phrase.trim();
  const sign = signs[language].exec(text);
  return sign === null ? null : numberOfPhrase(text.slice(0, sign.index), language);
}
