/** One request that the sandbox got. Holds no header and no body, so neither a token nor a secret. */
export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** The status answered, or null when the connection was dropped, or was closed while the answer was pending. */
  readonly status: number | null;
  /** When the request was answered, by the sandbox's clock. */
  readonly at: string;
}

const kept = 100_000;

/** The requests that the sandbox got, in the order of their answers; of very many the latest 100,000 at least. */
export class RequestLog {
  readonly entries: LoggedRequest[] = [];

  add(entry: LoggedRequest): void {
    this.entries.push(entry);
    if (this.entries.length >= 2 * kept) this.entries.splice(0, kept);
  }
}
