import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { describeInvalid } from '../domain/entity/invalid-field.ts';
import { checkNormalization, defaultNormalization, type Normalization } from '../domain/entity/normalization.ts';
import { systemCode } from '../errors.ts';
import { type Section, type Setting, type SettingReader, text } from './setting.ts';

export interface EntitySettings {
  /** The content of the normalization file, read at the start. */
  readonly normalization: Normalization;
  /** Of the answer cache, in bytes. */
  readonly cacheBytes: number;
  /** The longest text, in KB of UTF-8. */
  readonly maxTextKb: number;
}

const megabytes = z
  .string()
  .regex(/^[1-9]\d{0,5}$/, 'must be a whole number of at least 1')
  .transform(Number);

const normalization: Setting<string> = {
  name: 'ENTITY_NORMALIZATION',
  description: 'JSON file of synonyms and allowed intents (docs/entities.md)',
  example: null,
  unset: 'the built-in table',
  schema: text,
};
const cacheMb: Setting<number> = {
  name: 'ENTITY_CACHE_MAX_MB',
  description: 'Size of the cache of answers in Redis, in MB: least recently used ones are removed first',
  example: '64',
  schema: megabytes,
};
const maxTextKb: Setting<number> = {
  name: 'ENTITY_MAX_TEXT_KB',
  description: 'Longest text, in KB of UTF-8',
  example: '60',
  schema: megabytes,
};

export function readEntities(reader: SettingReader): EntitySettings {
  const file = reader.read(normalization);
  return {
    normalization: file === undefined ? defaultNormalization : readTable(file, reader),
    cacheBytes: (reader.read(cacheMb) ?? 64) * 1024 * 1024,
    maxTextKb: reader.read(maxTextKb) ?? 60,
  };
}

function readTable(file: string, reader: SettingReader): Normalization {
  const read = readNormalization(file);
  if (typeof read !== 'string') return read;
  reader.problems.push(`${normalization.name}: ${read}`);
  return defaultNormalization;
}

/** The table in a normalization file, or what is wrong with it, with its place. */
export function readNormalization(file: string): Normalization | string {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file)));
  } catch (error) {
    const code = systemCode(error);
    return code === undefined || code.startsWith('ERR_')
      ? `${file} is not valid JSON in UTF-8`
      : `${file} cannot be read: ${code}`;
  }
  const checked = checkNormalization(json);
  return checked.ok ? checked.normalization : `${file}: ${describeInvalid(checked.invalid)}`;
}

export const entitySections: readonly Section[] = [
  {
    title: 'Entities',
    introduction: 'How entities are extracted. Give all processes the same settings.',
    settings: [normalization, cacheMb, maxTextKb],
  },
];
