import { createHash } from 'node:crypto';

/** A key of the HTTP API and the name of its holder. */
export interface NamedKey {
  /** Several keys may share a name, so that a key can be replaced. `null`: the key is known by its hash. */
  readonly name: string | null;
  readonly key: string;
}

const nameForm = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/;

/** The id of a key as it is recorded: `key:NAME`, or `key:1a2b3c4d` from the key's hash. */
export function keyId({ name, key }: NamedKey): string {
  return name === null ? hashedId(key) : `key:${name}`;
}

/** The id of a key without a name. */
export function hashedId(key: string): string {
  return `key:${createHash('sha256').update(key).digest('hex').slice(0, 8)}`;
}

/** A list of keys, each `NAME:KEY` or `KEY`. What is before a colon but has not the form of a name is part of the key. */
export function parseKeys(entries: readonly string[]): NamedKey[] {
  return entries.map(entry => {
    const end = entry.indexOf(':');
    const name = end < 0 ? '' : entry.slice(0, end);
    return nameForm.test(name) ? { name, key: entry.slice(end + 1).trim() } : { name: null, key: entry };
  });
}

/** A key, its place and whose it is. */
interface PlacedKey extends NamedKey {
  readonly place: string;
  readonly owner: string;
}

/** What is wrong with the lists of keys of these variables, by variable and place. No message holds a key. */
export function keyProblems(lists: Readonly<Record<string, readonly NamedKey[]>>): string[] {
  const all = Object.entries(lists).flatMap(([variable, keys]) =>
    keys.map(
      (each, index): PlacedKey => ({
        ...each,
        place: `${variable} entry ${index + 1}`,
        owner: `${variable} ${keyId(each)}`,
      }),
    ),
  );
  return all.flatMap((each, index) => {
    const earlier = all.slice(0, index);
    const same = earlier.find(other => other.key === each.key && other.owner !== each.owner);
    const alike = earlier.find(other => isMistakable(other, each));
    return [
      ...(each.key === '' ? [`${each.place} has a name and no key: write NAME:KEY`] : []),
      ...(same === undefined
        ? []
        : [`${each.place} has the same key as ${same.place}: a key has one name and one list`]),
      ...(alike === undefined ? [] : [`${each.place} has the same id as ${alike.place}: give it another name`]),
    ];
  });
}

/** Different keys under one id, one of them by its hash: nothing says that they have the same holder. */
function isMistakable(one: PlacedKey, other: PlacedKey): boolean {
  return one.key !== other.key && one.owner === other.owner && (one.name === null || other.name === null);
}
