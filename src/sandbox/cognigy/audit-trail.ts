import { type Answer, answerJson, refuse } from '../kernel/answer.ts';
import type { SandboxRequest } from '../kernel/sandbox-request.ts';
import { type Parameter, StrictQuery, wholeNumber } from '../kernel/strict-query.ts';

/** Pages that must not be: a cursor that leads to itself; an empty second page that has a cursor all the same. */
export type TrailTrouble = 'repeated-cursor' | 'empty-page';

/** One entry of the audit trail. */
export type TrailItem = Readonly<Record<string, unknown>> & { readonly id: string; readonly timestamp: string };

const parameters = {
  limit: wholeNumber(50, 100),
  cursor: {
    absent: { index: 0, isSecond: false },
    expected: 'is not a cursor of this trail',
    read: text => {
      const [, mark, index] = /^(at|gap)-(\d{1,9})$/.exec(Buffer.from(text, 'base64url').toString()) ?? [];
      return index === undefined ? undefined : { index: Number(index), isSecond: mark === 'gap' };
    },
  } satisfies Parameter<{ index: number; isSecond: boolean }>,
};

/** The audit trail of the calibrations, oldest first. */
export class AuditTrail {
  readonly items: TrailItem[] = [];
  #trouble: TrailTrouble | null = null;

  /** What is wrong with the pages from now on; null for nothing. */
  setTrouble(trouble: TrailTrouble | null): void {
    this.#trouble = trouble;
  }

  page(request: SandboxRequest): Answer {
    const query = new StrictQuery(request.query, Object.keys(parameters));
    const limit = query.read('limit', parameters.limit);
    const { index, isSecond } = query.read('cursor', parameters.cursor);
    if (query.errors.length > 0) return refuse(400, 'The query is not valid.', { errors: query.errors });

    if (isSecond) return answerJson(200, { items: [], next_cursor: cursorTo(index, 'at') });
    const items = this.items.slice(index, index + limit);
    return answerJson(200, { items, next_cursor: this.#after(index, limit) });
  }

  #after(index: number, limit: number): string | null {
    const next = index + limit;
    if (this.#trouble === 'repeated-cursor') return cursorTo(index, 'at');
    if (next >= this.items.length) return null;
    return cursorTo(next, this.#trouble === 'empty-page' && index === 0 ? 'gap' : 'at');
  }
}

function cursorTo(index: number, mark: 'at' | 'gap'): string {
  return Buffer.from(`${mark}-${index}`).toString('base64url');
}
