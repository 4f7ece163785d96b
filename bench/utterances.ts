import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';

/** The distinct texts that users wrote in the conversation logs of `folder`, or in some of its files. */
export async function userUtterances(folder: string, some?: ReadonlySet<string>): Promise<string[]> {
  const utterances = new Set<string>();
  for (const name of (await readdir(folder)).sort()) {
    if (!/^interactions.*\.jsonl(\.gz)?$/.test(name) || some?.has(name) === false) continue;
    const file = createReadStream(join(folder, name));
    const content = await text(name.endsWith('.gz') ? file.pipe(createGunzip()) : file);
    for (const line of content.split('\n').filter(Boolean)) {
      const interaction: { messages: { from: string; text: string | null }[] } = JSON.parse(line);
      for (const message of interaction.messages) {
        const utterance = message.from === 'user' ? message.text?.trim() : '';
        if (utterance) utterances.add(utterance);
      }
    }
  }
  return [...utterances];
}

/** `count` of `items`, or all, spread evenly. */
export function evenly<Item>(items: readonly Item[], count: number): Item[] {
  const taken = Math.min(count, items.length);
  return Array.from({ length: taken }, (_, index) => items[Math.floor((index * items.length) / taken)]).filter(
    item => item !== undefined,
  );
}
