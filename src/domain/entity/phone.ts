import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { Language } from './language.ts';

/** Where a number without a country code is from. */
const countries: Readonly<Record<Language, CountryCode>> = {
  'en-US': 'US',
  'en-GB': 'GB',
  'de-DE': 'DE',
  'es-ES': 'ES',
  'fr-FR': 'FR',
};

/**
 * The E.164 number that a whole phrase is, such as `+493012345678`; `null` for what no country assigns, and for a number
 * with an extension, which E.164 cannot hold.
 */
export function phoneNumberOf(phrase: string, language: Language): string | null {
  const text = phrase.trim();
  if (!/^[+(\d]/.test(text) || /\p{L}/u.test(text)) return null;
  const parsed = parsePhoneNumberFromString(text, { defaultCountry: countries[language], extract: false });
  if (parsed === undefined || !parsed.isValid() || parsed.ext !== undefined) return null;
  return parsed.number;
}
