import type { Language } from '../language.ts';
import { type CompiledGrammar, compileGrammar, type Grammar } from './grammar.ts';
import { german } from './grammar-de.ts';
import { english } from './grammar-en.ts';
import { spanish } from './grammar-es.ts';
import { french } from './grammar-fr.ts';

const grammars: Readonly<Record<Language, Grammar>> = {
  'en-US': english,
  'en-GB': english,
  'de-DE': german,
  'es-ES': spanish,
  'fr-FR': french,
};

const compiled = new Map<Language, CompiledGrammar>();

/** The grammar of a language; its patterns are compiled when they are first needed. */
export function grammarOf(language: Language): CompiledGrammar {
  const known = compiled.get(language) ?? compileGrammar(grammars[language]);
  compiled.set(language, known);
  return known;
}
