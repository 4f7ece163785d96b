import type { RetentionRule } from '../retention/rule.ts';

/** Uploads that no job waits to read, from their newest file on. */
export const uploadRetention: RetentionRule = {
  kind: 'uploads',
  term: 'uploadsMs',
  async *expired(store, before, { isWanted }) {
    for (const ref of await store.list('uploads')) {
      const parts = await Promise.all(
        (await store.list(`uploads/${ref}`)).map(name => store.about(`uploads/${ref}/${name}`)),
      );
      const newest = parts.reduce((latest, part) => Math.max(latest, part?.at ?? 0), 0);
      // A folder without a file is being written to.
      if (parts.length > 0 && newest < before && !isWanted(ref)) yield { keys: [`uploads/${ref}`] };
    }
  },
};
