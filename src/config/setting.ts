import { z } from 'zod';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A variable of the environment: how it is read, and how the documents describe it. */
export interface Setting<Value> {
  readonly name: string;
  /** What it does, for `.env.example` and docs/configuration.md. */
  readonly description: string;
  /** The default as written in `.env`; `null` if there is none: `unset` describes the behaviour then. */
  readonly example: string | null;
  readonly unset?: string;
  readonly schema: z.ZodType<Value, string>;
}

export type AnySetting = Omit<Setting<unknown>, 'schema'>;

/** Settings that belong together, with their heading in the documents. */
export interface Section {
  readonly title: string;
  readonly introduction: string;
  readonly settings: readonly AnySetting[];
}

/** Reads settings and collects all problems, so that one error lists every invalid variable. */
export class SettingReader {
  readonly environment: Environment;
  readonly problems: string[] = [];

  constructor(environment: Environment) {
    this.environment = environment;
  }

  /** @returns `undefined` if the variable is absent, empty or invalid */
  read<Value>({ name, schema }: Pick<Setting<Value>, 'name' | 'schema'>): Value | undefined {
    const text = this.environment[name]?.replace(/[\r\n]+$/, '');
    if (text === undefined || text === '' || isOfKubernetes(name, text)) return undefined;
    const parsed = schema.safeParse(text);
    if (parsed.success) return parsed.data;
    this.problems.push(`${name} ${parsed.error.issues.map(issue => issue.message).join('; ')}`);
    return undefined;
  }

  /** Reports variables with this prefix that nothing reads: most are typing errors. */
  refuseUnknown(prefix: string, known: readonly string[]): void {
    for (const name of Object.keys(this.environment))
      if (name.startsWith(prefix) && !known.includes(name) && !isOfKubernetes(name, this.environment[name] ?? ''))
        this.problems.push(`${name} is unknown. Known variables: ${known.join(', ')}`);
  }
}

/** Kubernetes sets such variables for each service: `HTTP_PORT=tcp://10.0.0.1:80` for one that is called http. */
function isOfKubernetes(name: string, value: string): boolean {
  if (/_PORT$/.test(name)) return /^(tcp|udp|sctp):\/\//.test(value);
  return /_SERVICE_(HOST|PORT)(_\w+)?$|_PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$/.test(name);
}

export const text = z.string();

/** A secret, as files and secret stores give it: often with a line break at the end. */
export const secretText = z.string().transform(value => value.replace(/^[\r\n]+|[\r\n]+$/g, ''));

export function url(protocols: readonly string[]): z.ZodType<string, string> {
  const starts = protocols.map(protocol => `${protocol}//`).join(' or ');
  return z.string().refine(value => URL.canParse(value) && protocols.includes(new URL(value).protocol), {
    error: `must be a URL that starts with ${starts}`,
  });
}

/**
 * The base URL of a service or of this server: scheme, host, port and path. A login in it would get into logs, and a path
 * appended to a query or fragment would be part of these.
 */
export const plainUrl: z.ZodType<string, string> = z.string().superRefine((value, context) => {
  const problem = baseUrlProblem(value);
  if (problem !== null) context.addIssue({ code: 'custom', message: problem });
});

function baseUrlProblem(value: string): string | null {
  if (/\s/.test(value)) return 'must not contain spaces or line breaks';
  const parsed = URL.canParse(value) ? new URL(value) : null;
  if (parsed === null || !/^https?:\/\//i.test(value)) return 'must be a URL that starts with http:// or https://';
  if (parsed.username !== '' || parsed.password !== '' || value.split('/')[2]?.includes('@') === true)
    return 'must not contain a login: remove USER:PASSWORD@ and set the client id and secret in their own variables';
  if (value.includes('?')) return 'must not contain a query: remove "?" and all that follows';
  if (value.includes('#')) return 'must not contain a fragment: remove "#" and all that follows';
  return null;
}
