import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AutoTokenizer } from '@xenova/transformers';
import { z } from 'zod';
import { locate } from './location.ts';
import type { Model } from './model.ts';
import { referenceText } from './reference-text.ts';

export interface Tokenizer {
  /** A text's token ids, the opening and closing ones included; cut to what the model takes. */
  (text: string): number[];
  /** Whether the model knows a word of these token ids. */
  knowsAny(ids: readonly number[]): boolean;
}

/** Characters read at first per token of the model's limit: more than most languages need. */
const charactersPerToken = 8;

/**
 * The tokenizer of `model`, with the token ids of sentence-transformers, which cuts as that does: the closing token stays.
 */
export async function loadTokenizer(model: Pick<Model, 'path' | 'maxPositions'>): Promise<Tokenizer> {
  const tokenizer = await AutoTokenizer.from_pretrained(locate(model.path));
  const limit = Math.min(Number(tokenizer.model_max_length), model.maxPositions);
  const closing = tokenizer.sep_token_id;
  const prepare = (await isUncasedBert(model.path)) ? referenceText : (text: string) => text;

  const nothing = new Set([tokenizer.unk_token_id, ...tokenizer.encode('')]);

  function idsOf(text: string): number[] {
    // Only as much of a long text is tokenized as fills the limit: a word of 100 characters costs over a millisecond.
    for (let characters = limit * charactersPerToken; ; characters *= 2) {
      const head = wholeWords(text, characters);
      const ids = tokenizer.encode(prepare(head));
      if (ids.length <= limit && head.length < text.length) continue;
      if (ids.length <= limit) return ids;
      return ids.at(-1) === closing ? [...ids.slice(0, limit - 1), closing] : ids.slice(0, limit);
    }
  }

  return Object.assign(idsOf, { knowsAny: (ids: readonly number[]) => ids.some(id => !nothing.has(id)) });
}

/** The first words of `text`, at least `characters` long: no token spans a blank, so their tokens are those they have in the text. */
function wholeWords(text: string, characters: number): string {
  if (text.length <= characters) return text;
  const blank = /[ \t\r\n]/g;
  blank.lastIndex = characters;
  return text.slice(0, blank.exec(text)?.index);
}

const normalization = z.object({
  normalizer: z.object({ type: z.literal('BertNormalizer'), lowercase: z.literal(true) }),
});

async function isUncasedBert(path: string): Promise<boolean> {
  const json: unknown = JSON.parse(await readFile(join(path, 'tokenizer.json'), 'utf8'));
  return normalization.safeParse(json).success;
}
