import { codes } from '../errors.ts';

/**
 * What operators may see of jobs on the board. It is a list of what is shown, not of what is hidden: in a job's data,
 * result and progress, and in scheduler templates, numbers and texts that look like names; of failures the reasons
 * that this system wrote itself. Anything else, whoever put it into Redis, is left out.
 */
export function redact(body: Body): Body {
  return bodyOf(walk(body, 'open'));
}

/** Log lines of a job: this system writes none, so whatever they are is treated as data. */
export function redactLogs(body: Body): Body {
  return bodyOf(walk(body, 'job'));
}

/** What a route of the board answers: JSON, or a text. */
export type Body = string | object;

function bodyOf(walked: unknown): Body {
  return typeof walked === 'string' || (typeof walked === 'object' && walked !== null) ? walked : {};
}

/** How a value is treated: by what stands around it. */
type Mode = 'open' | 'job' | 'reason' | 'stack';

const modes: Readonly<Record<string, Mode>> = {
  data: 'job',
  returnValue: 'job',
  returnvalue: 'job',
  progress: 'job',
  template: 'job',
  logs: 'job',
  failedReason: 'reason',
  deferredFailure: 'reason',
  stacktrace: 'stack',
};

const secretNames = /token|secret|password|authorization|credential|api_?key|text|utterance|message|signature/i;
/** Ids, names, instants, hashes: no blanks, not long. */
const name = /^[\w.:@+-]{1,100}$/;
const ourReason = new RegExp(`^(${[...Object.keys(codes), 'CANCELLED'].join('|')}): `);
const theirReasons: readonly string[] = [
  'job stalled more than allowable limit',
  'job started more than allowable limit',
];

function walk(value: unknown, mode: Mode): unknown {
  if (typeof value === 'string') return redactText(value, mode);
  if (Array.isArray(value)) return value.map(each => walk(each, mode));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => {
      if (mode === 'job' && secretNames.test(key)) return [key, hidden(each)];
      return [
        mode === 'job' && !name.test(key) ? '[redacted]' : key,
        walk(each, mode === 'job' ? mode : (modes[key] ?? mode)),
      ];
    }),
  );
}

function redactText(text: string, mode: Mode): string {
  switch (mode) {
    case 'open':
      return text;
    case 'job':
      return name.test(text) || text === '' ? text : hidden(text);
    case 'reason':
      return isOurs(text) ? text : '[redacted: not a reason of this system]';
    case 'stack':
      return text
        .split('\n')
        .filter(line => line.startsWith('    at ') || isOurs(line.replace(/^(Unrecoverable)?Error: /, '')))
        .join('\n');
  }
}

function isOurs(reason: string): boolean {
  return reason === '' || ourReason.test(reason) || theirReasons.includes(reason);
}

function hidden(value: unknown): string {
  return typeof value === 'string' ? `[redacted: ${value.length} characters]` : '[redacted]';
}
