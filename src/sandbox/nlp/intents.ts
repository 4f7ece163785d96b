import { z } from 'zod';
import { MlopsError } from '../../errors.ts';

/** An intent as it is given to the sandbox. */
export interface WrittenIntent {
  readonly id: string;
  readonly name: string;
  /** False by default. */
  readonly archived?: boolean | undefined;
}

/** An intent of the simulated tenant. An archived one is not listed, and no threshold can be set for it. */
export interface Intent extends WrittenIntent {
  readonly archived: boolean;
}

const written = z.strictObject({
  id: z.string().min(1),
  name: z.string().min(1),
  archived: z.boolean().optional(),
});

/** The content of one page of the list. */
export interface IntentsOfPage {
  readonly intents: readonly Intent[];
  readonly pageCount: number;
}

/** The tenant's intents, in the order in which they were added. */
export class Intents {
  readonly #byId = new Map<string, Intent>();

  /** @throws BAD_INPUT as `add` does. */
  constructor(intents: readonly WrittenIntent[]) {
    for (const intent of intents) this.add(intent);
  }

  /** @throws BAD_INPUT, naming the field, for an invalid intent or an existing id. */
  add(intent: WrittenIntent): void {
    const read = readIntent(intent);
    if (typeof read === 'string') throw bad(`Not an intent: ${read}.`);
    if (this.#byId.has(read.id)) throw bad(`There is an intent ${read.id} already.`);
    this.#byId.set(read.id, read);
  }

  /** Takes an intent out of the list. @throws BAD_INPUT for an unknown id. */
  archive(id: string): void {
    const intent = this.#byId.get(id);
    if (intent === undefined) throw bad(`There is no intent ${id}.`);
    this.#byId.set(id, { ...intent, archived: true });
  }

  /** Archived ones included. */
  all(): Intent[] {
    return [...this.#byId.values()];
  }

  isActive(id: string): boolean {
    return this.#byId.get(id)?.archived === false;
  }

  /** The active intents of a page, 1-based; none beyond the last. */
  page(page: number, pageSize: number): IntentsOfPage {
    const active = this.all().filter(({ archived }) => !archived);
    return {
      intents: active.slice((page - 1) * pageSize, page * pageSize),
      pageCount: Math.ceil(active.length / pageSize),
    };
  }
}

/** The value as an intent, or what is wrong with it, by field. */
export function readIntent(value: unknown): Intent | string {
  const parsed = written.safeParse(value);
  if (parsed.success) return { ...parsed.data, archived: parsed.data.archived ?? false };
  return parsed.error.issues
    .map(issue => `${issue.path.length === 0 ? 'the intent' : issue.path.join('.')}: ${issue.message}`)
    .join('; ');
}

function bad(message: string): MlopsError {
  return new MlopsError('BAD_INPUT', message, { where: 'intents' });
}
