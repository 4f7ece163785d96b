/** One request that the sandbox got. Holds no header, and the body of none that asks for a token: neither tokens nor secrets. */
export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  /** Without what a signed link is opened by. */
  readonly query: Readonly<Record<string, string>>;
  /** What was sent to an endpoint, as it came; null for no body, for a token request or a training, and where it has been let go. */
  readonly body: string | null;
  /** The status answered, or null when the connection was dropped, or was closed while the answer was pending. */
  readonly status: number | null;
  /** When the request was answered, by the sandbox's clock. */
  readonly at: string;
}

type Writable = { -readonly [Field in keyof LoggedRequest]: LoggedRequest[Field] };

const kept = 100_000;
const keptCharacters = 32 * 1024 * 1024;

/**
 * The requests that the sandbox got, in the order of their answers; of very many the latest 100,000 at least. Bodies
 * are let go, the oldest first, beyond 32 Mi characters of them.
 */
export class RequestLog {
  readonly entries: LoggedRequest[] = [];
  /** The entries whose body is kept, oldest first. */
  readonly #bodied: Writable[] = [];
  #characters = 0;

  add(request: LoggedRequest): void {
    const entry: Writable = { ...request };
    this.entries.push(entry);
    if (this.entries.length >= 2 * kept) this.entries.splice(0, kept);
    if (entry.body === null) return;

    this.#bodied.push(entry);
    this.#characters += entry.body.length;
    while (this.#characters > keptCharacters) {
      const oldest = this.#bodied.shift();
      if (oldest === undefined) return;
      this.#characters -= oldest.body?.length ?? 0;
      oldest.body = null;
    }
  }
}
