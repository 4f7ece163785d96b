import type { Cancellation } from './cancellation.ts';
import type { Answer, TextRequest, TokenizedTexts } from './messages.ts';
import type { Model } from './model.ts';
import { ModelThread } from './model-thread.ts';

/** The tokenizer in a thread of its own: the sessions get token ids, and never wait for them. */
export class TokenizerThread {
  readonly #model: Model;
  #thread: ModelThread | undefined;
  #lastCall: Promise<unknown> = Promise.resolve();

  constructor(model: Model) {
    this.#model = model;
  }

  /** Starts to load the tokenizer. */
  warm(): void {
    this.#running();
  }

  /** `null` if it was cancelled. Calls wait for each other. */
  async tokenize(texts: readonly string[], cancellation: Cancellation): Promise<TokenizedTexts | null> {
    const answer = await this.#ask({ kind: 'tokenize', texts, cancelled: cancellation.flag }, cancellation);
    return answer?.kind === 'tokenized' ? answer.result : null;
  }

  /** Whether the model knows a word of each text. Calls wait for each other. */
  async look(texts: readonly string[], cancellation: Cancellation): Promise<readonly boolean[]> {
    const answer = await this.#ask({ kind: 'look', texts, cancelled: cancellation.flag }, cancellation);
    return answer?.kind === 'looked' ? answer.known : [];
  }

  async close(): Promise<void> {
    await this.#lastCall;
    await this.#thread?.close();
    this.#thread = undefined;
  }

  /** Sends a request after all earlier ones have been answered. */
  #ask(request: TextRequest, cancellation: Cancellation): Promise<Answer | null> {
    const result = this.#lastCall.then(async () =>
      cancellation.isCancelled ? null : await this.#running().ask(request),
    );
    this.#lastCall = result.catch(() => undefined);
    return result;
  }

  #running(): ModelThread {
    if (!this.#thread?.alive) this.#thread = new ModelThread({ role: 'tokenizer', model: this.#model });
    return this.#thread;
  }
}
