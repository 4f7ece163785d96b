/** A request as the simulated tenant sees it. */
export interface SandboxRequest {
  readonly method: string;
  readonly path: string;
  /** What the endpoint's path calls `{name}`, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Where the caller reaches the sandbox, such as `http://127.0.0.1:4010`: what a URL in an answer must begin with. */
  readonly origin: string;
  readonly contentType: string;
  readonly authorization: string | undefined;
  /** Of a partial download: the headers `Range` and `If-Range`. */
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
  readonly body: string;
  /** The value of a header, by its name in lower case. */
  header(name: string): string | undefined;
}
