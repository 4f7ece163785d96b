/** What the simulated tenant is about to send. `body` is the text or the bytes as they go over the wire. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

export interface FieldError {
  readonly field: string;
  readonly message: string;
}

export function answerJson(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return answerJsonText(status, JSON.stringify(body), headers);
}

/** The same for a body that is JSON already. */
export function answerJsonText(
  status: number,
  body: string | Uint8Array,
  headers: Record<string, string> = {},
): Answer {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8', ...headers }, body };
}

/** A refusal as the platform words it: `{message, errors: [{field, message}]}`. */
export function refuse(
  status: number,
  message: string,
  options: { errors?: readonly FieldError[]; headers?: Record<string, string> } = {},
): Answer {
  return answerJson(status, { message, errors: options.errors ?? [] }, options.headers);
}
