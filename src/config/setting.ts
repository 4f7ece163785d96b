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
    const text = this.environment[name];
    if (text === undefined || text === '') return undefined;
    const parsed = schema.safeParse(text);
    if (parsed.success) return parsed.data;
    this.problems.push(`${name} ${parsed.error.issues.map(issue => issue.message).join('; ')}`);
    return undefined;
  }

  /** Reports variables with this prefix that nothing reads: most are typing errors. */
  refuseUnknown(prefix: string, known: readonly string[]): void {
    for (const name of Object.keys(this.environment))
      if (name.startsWith(prefix) && !known.includes(name))
        this.problems.push(`${name} is unknown. Known variables: ${known.join(', ')}`);
  }
}

export const text = z.string();

export function url(protocols: readonly string[]): z.ZodType<string, string> {
  const starts = protocols.map(protocol => `${protocol}//`).join(' or ');
  return z.string().refine(value => URL.canParse(value) && protocols.includes(new URL(value).protocol), {
    error: `must be a URL that starts with ${starts}`,
  });
}
