/**
 * What a service keeps beyond a request: texts under keys such as `trainings/7/job.json`, each created once and never
 * changed. An artifact store is one; sandboxes that share one play the same tenant.
 */
export interface StateStore {
  /** Whether this call created it. */
  create(key: string, content: string): Promise<boolean>;
  readIfThere(key: string): Promise<Uint8Array | null>;
  /** The names directly under a folder. */
  list(folder: string): Promise<string[]>;
}

/** A state that ends with the process. */
export function memoryState(): StateStore {
  const texts = new Map<string, Uint8Array>();
  return {
    async create(key, content) {
      if (texts.has(key)) return false;
      texts.set(key, Buffer.from(content));
      return true;
    },
    readIfThere: async key => texts.get(key) ?? null,
    list: async folder => {
      const under = [...texts.keys()].filter(key => key.startsWith(`${folder}/`));
      return [
        ...new Set(
          under.map(key =>
            key
              .slice(folder.length + 1)
              .split('/', 1)
              .join(''),
          ),
        ),
      ];
    },
  };
}
