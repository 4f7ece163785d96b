import type { Random } from '../kernel/random.ts';
import type { Slots } from './templates.ts';

/** The values that one conversation's slots have: chosen at first use, and kept. */
export type Bindings = Map<string, string>;

/** One text of a template, in the notation of `templates.ts`. @throws RangeError for a template that is not well formed. */
export function expand(template: string, slots: Slots, bindings: Bindings, random: Random): string {
  let at = 0;

  /** Reads alternatives up to `close` and gives one of them. */
  function alternatives(close: string): string {
    const all = [''];
    for (;;) {
      const character = template[at];
      at += 1;
      if (character === close) return random.pick(all);
      if (character === undefined) throw new RangeError(`"${close}" is missing in the template "${template}"`);
      if (character === '|') all.push('');
      else all.push((all.pop() ?? '') + piece(character));
    }
  }

  function piece(character: string): string {
    if (character === '(') return alternatives(')');
    if (character === '[') return random.chance(0.5) ? alternatives(']') : skipped();
    if (character === '{') return bound(alternatives('}'));
    if (character === '#') return String(random.below(10));
    if (character !== '\\') return character;
    at += 1;
    return template[at - 1] ?? '';
  }

  function skipped(): string {
    alternatives(']');
    return '';
  }

  function bound(slot: string): string {
    const known = bindings.get(slot);
    if (known !== undefined) return known;
    const values = slots[slot];
    if (values === undefined) throw new RangeError(`unknown slot "${slot}" in the template "${template}"`);
    const value = random.pick(values).replaceAll('#', () => String(random.below(10)));
    bindings.set(slot, value);
    return value;
  }

  let text = '';
  while (at < template.length) {
    const character = template[at] ?? '';
    at += 1;
    text += piece(character);
  }
  return text.replaceAll(/ {2,}/g, ' ').trim();
}
