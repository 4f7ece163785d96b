import { createHash } from 'node:crypto';
import { z } from 'zod';
import { durationShape, parseDuration } from './domain/duration.ts';
import { MlopsError } from './errors.ts';
import { type LogLevel, logLevels } from './logger.ts';
import { defaultLimits, type Family, type Limit, type ServiceName } from './platform/endpoints.ts';

/** Where a service is and who we are there. */
export interface ServiceAccess {
  readonly baseUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/**
 * Whose data this is. The key stands in the queue prefix and the artifact root, so that the work of one tenant (or of
 * the sandbox) is out of reach of another's workers.
 */
export interface Tenant {
  readonly kind: 'sandbox' | 'platform';
  readonly key: string;
}

export interface Login {
  readonly user: string;
  readonly password: string;
}

export interface Config {
  /** `null`: the embedded redis-server of this folder. */
  readonly redisUrl: string | null;
  readonly redisPrefix: string;
  readonly artifactsUrl: string;
  readonly tenant: Tenant;
  /** How a service is reached; a service that is not configured holds the names of the variables that would. */
  readonly services: Readonly<Record<ServiceName, ServiceAccess | { readonly missing: readonly string[] }>>;
  readonly limits: Readonly<Record<Family, Limit>>;
  /** Jobs of a queue that one worker process runs at once, where it differs from the queue's own policy. */
  readonly concurrency: Readonly<Record<string, number>>;
  readonly http: { readonly host: string; readonly port: number };
  readonly apiKeys: readonly string[];
  readonly board: Login | null;
  /** Who may look at the board and change nothing. */
  readonly boardViewer: Login | null;
  /** Where notices and metrics go, `null`: nowhere; `secret` signs them. */
  readonly webhooks: {
    readonly notify: string | null;
    readonly analytics: string | null;
    readonly secret: string | null;
  };
  /** `null`: what suits the command. */
  readonly logLevel: LogLevel | null;
  /** `null`: the model that comes with the package. */
  readonly modelPath: string | null;
  readonly retention: RetentionTimes;
}

/** How long things stay, in milliseconds. */
export interface RetentionTimes {
  /** Raw pages and turns, after their run was committed or closed. */
  readonly runsMs: number;
  readonly uploadsMs: number;
  /** Notes by which a job that runs again does nothing twice. */
  readonly notesMs: number;
  readonly completedMs: number;
  readonly failedMs: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Per service: the variable that names its part of the default host, and the host made of it. */
const hosts: Readonly<Record<ServiceName, { variable: string; url: (name: string) => string }>> = {
  interactions: { variable: 'CXONE_INSTANCE', url: name => `https://${name}.cxone.com` },
  nlp: { variable: 'CXONE_ORG_ID', url: name => `https://${name}.cloud.nicecxone.com` },
  training: { variable: 'CXONE_REGION', url: name => `https://api.${name}.cxone.com` },
  nlu: { variable: 'CXONE_INSTANCE', url: name => `https://${name}.cxone.com` },
  cognigy: { variable: 'COGNIGY_TENANT', url: name => `https://${name}.cognigy.com` },
};

const serviceNames = Object.keys(hosts).filter((name): name is ServiceName => name in hosts);
const families = Object.keys(defaultLimits).filter((name): name is Family => name in defaultLimits);

const perMs = { s: 1000, min: 60_000, h: 3_600_000 } as const;

const url = (protocols: string[]) =>
  z.string().refine(text => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
    error: `must be a URL that starts with ${protocols.join('// or ')}//`,
  });
const hostLabel = z
  .string()
  .regex(/^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$/, 'must be a host name label, such as "acme"');
const limit = z
  .string()
  .regex(/^[1-9]\d*\/(s|min|h)$/, 'must be a number of requests per s, min or h, such as 20/s')
  .transform((text): Limit => {
    const [count, unit] = text.split('/');
    return { count: Number(count), perMs: unit === 's' ? perMs.s : unit === 'min' ? perMs.min : perMs.h };
  });
const duration = z.string().transform((text, context) => {
  const ms = parseDuration(text);
  if (ms === null) context.addIssue({ code: 'custom', message: durationShape });
  return ms ?? 0;
});
const positiveInteger = z
  .string()
  .regex(/^[1-9]\d{0,5}$/, 'must be a whole number of at least 1')
  .transform(Number);

/**
 * The environment, validated whole: one frozen object.
 * @param queues the names of all queues, for the `CONCURRENCY_<QUEUE>` variables
 * @throws MlopsError BAD_CONFIG that names every wrong variable
 */
export function readConfig(environment: Environment, queues: readonly string[]): Config {
  const problems: string[] = [];

  function read<T>(name: string, schema: z.ZodType<T, string>): T | undefined {
    const text = environment[name];
    if (text === undefined || text === '') return undefined;
    const parsed = schema.safeParse(text);
    if (parsed.success) return parsed.data;
    problems.push(`${name} ${parsed.error.issues.map(issue => issue.message).join('; ')}`);
    return undefined;
  }

  const access = readServices(read);
  const limits: Record<Family, Limit> = { ...defaultLimits };
  for (const family of families) limits[family] = read(`LIMIT_${family}`, limit) ?? limits[family];
  refuseUnknown(environment, 'LIMIT_', families, problems);

  const concurrency: Record<string, number> = {};
  for (const queue of queues) {
    const value = read(`CONCURRENCY_${variableName(queue)}`, positiveInteger);
    if (value !== undefined) concurrency[queue] = value;
  }
  refuseUnknown(environment, 'CONCURRENCY_', queues.map(variableName), problems);

  const board = readLogin(read, 'BOARD', problems);
  const boardViewer = readLogin(read, 'BOARD_VIEWER', problems);
  if (boardViewer !== null && board === null)
    problems.push(
      'BOARD_VIEWER_USER wants BOARD_USER and BOARD_PASSWORD too: somebody must be able to change something',
    );
  if (boardViewer !== null && boardViewer.user === board?.user)
    problems.push('BOARD_VIEWER_USER must be another name than BOARD_USER');

  const retention = readRetention(environment, read, problems);
  const config: Config = {
    redisUrl: read('REDIS_URL', url(['redis:', 'rediss:', 'unix:'])) ?? null,
    redisPrefix:
      read('REDIS_PREFIX', z.string().regex(/^[A-Za-z0-9_-]+$/, 'may hold letters, digits, - and _')) ?? 'cxone',
    artifactsUrl: read('ARTIFACTS_URL', url(['file:', 's3:'])) ?? 'file:./data',
    tenant: access.tenant,
    services: access.services,
    limits,
    concurrency,
    http: {
      host: read('HTTP_HOST', z.string()) ?? '127.0.0.1',
      port:
        read(
          'HTTP_PORT',
          z
            .string()
            .regex(/^\d{1,5}$/, 'must be a port number')
            .transform(Number)
            .refine(port => port < 65_536, 'must be below 65536'),
        ) ?? 3000,
    },
    apiKeys: (read('API_KEYS', z.string()) ?? '')
      .split(',')
      .map(key => key.trim())
      .filter(key => key !== ''),
    board,
    boardViewer,
    webhooks: {
      notify: read('NOTIFY_WEBHOOK_URL', url(['http:', 'https:'])) ?? null,
      analytics: read('ANALYTICS_WEBHOOK_URL', url(['http:', 'https:'])) ?? null,
      secret: read('WEBHOOK_SECRET', z.string()) ?? null,
    },
    logLevel: read('LOG_LEVEL', z.enum(logLevels, `must be one of ${logLevels.join(', ')}`)) ?? null,
    modelPath: read('MODEL_PATH', z.string()) ?? null,
    retention,
  };
  if (problems.length > 0) throw new MlopsError('BAD_CONFIG', `wrong environment: ${problems.join(' · ')}`);
  return Object.freeze(config);
}

function readLogin(read: Read, prefix: string, problems: string[]): Login | null {
  const user = read(`${prefix}_USER`, z.string());
  const password = read(`${prefix}_PASSWORD`, z.string());
  if (user !== undefined && password !== undefined) return { user, password };
  if (user !== password)
    problems.push(`${prefix}_${user === undefined ? 'USER' : 'PASSWORD'} is missing: the board wants both or none`);
  return null;
}

const day = 86_400_000;

function readRetention(environment: Environment, read: Read, problems: string[]): RetentionTimes {
  const times = {
    runsMs: read('RETENTION_RUNS', duration) ?? 7 * day,
    uploadsMs: read('RETENTION_UPLOADS', duration) ?? 7 * day,
    completedMs: read('RETENTION_COMPLETED', duration) ?? 7 * day,
    failedMs: read('RETENTION_FAILED', duration) ?? 30 * day,
  };
  refuseUnknown(environment, 'RETENTION_', ['RUNS', 'UPLOADS', 'NOTES', 'COMPLETED', 'FAILED'], problems);
  const notesMs = read('RETENTION_NOTES', duration) ?? times.failedMs + 7 * day;
  if (notesMs < times.failedMs)
    problems.push(
      'RETENTION_NOTES must be no shorter than RETENTION_FAILED: a job that is retried must find its notes',
    );
  return { ...times, notesMs };
}

/** `fetch-page` → `FETCH_PAGE`. */
function variableName(queue: string): string {
  return queue.toUpperCase().replaceAll('-', '_');
}

function refuseUnknown(environment: Environment, prefix: string, known: readonly string[], problems: string[]): void {
  for (const name of Object.keys(environment))
    if (name.startsWith(prefix) && !known.includes(name.slice(prefix.length)))
      problems.push(`${name} is unknown; there is ${known.map(each => prefix + each).join(', ')}`);
}

type Read = <T>(name: string, schema: z.ZodType<T, string>) => T | undefined;

/** While no variable of any service is set, the sandbox stands for all of them; once one is, nothing is made up. */
function readServices(read: Read): Pick<Config, 'tenant' | 'services'> {
  const web = url(['http:', 'https:']);
  const everywhere = read('CXONE_BASE_URL', web);
  const clientId = read('CXONE_CLIENT_ID', z.string());
  const clientSecret = read('CXONE_CLIENT_SECRET', z.string());
  const labels = new Map(
    ['CXONE_INSTANCE', 'CXONE_ORG_ID', 'CXONE_REGION', 'COGNIGY_TENANT'].map(name => [name, read(name, hostLabel)]),
  );

  let anySet = [everywhere, clientId, clientSecret, ...labels.values()].some(value => value !== undefined);

  function readService(service: ServiceName): Config['services'][ServiceName] {
    const prefix = service.toUpperCase();
    const host = hosts[service];
    const label = labels.get(host.variable);
    const own = {
      baseUrl: read(`${prefix}_BASE_URL`, web),
      clientId: read(`${prefix}_CLIENT_ID`, z.string()),
      clientSecret: read(`${prefix}_CLIENT_SECRET`, z.string()),
    };
    anySet ||= Object.values(own).some(value => value !== undefined);
    const base = own.baseUrl ?? everywhere ?? (label === undefined ? undefined : host.url(label));
    const id = own.clientId ?? clientId;
    const secret = own.clientSecret ?? clientSecret;
    if (base !== undefined && id !== undefined && secret !== undefined)
      return { baseUrl: base.replace(/\/+$/, ''), clientId: id, clientSecret: secret };
    const missing = [
      ...(base === undefined ? [`${prefix}_BASE_URL (or CXONE_BASE_URL or ${host.variable})`] : []),
      ...(id === undefined ? [`${prefix}_CLIENT_ID (or CXONE_CLIENT_ID)`] : []),
      ...(secret === undefined ? [`${prefix}_CLIENT_SECRET (or CXONE_CLIENT_SECRET)`] : []),
    ];
    return { missing };
  }

  const services: Config['services'] = {
    interactions: readService('interactions'),
    nlp: readService('nlp'),
    training: readService('training'),
    nlu: readService('nlu'),
    cognigy: readService('cognigy'),
  };
  return { services, tenant: anySet ? platformTenant(services, labels) : { kind: 'sandbox', key: 'sandbox' } };
}

function platformTenant(services: Config['services'], labels: ReadonlyMap<string, string | undefined>): Tenant {
  const identity = serviceNames.map(name => {
    const access = services[name];
    return [name, 'baseUrl' in access ? new URL(access.baseUrl).host : null];
  });
  const hash = createHash('sha256')
    .update(JSON.stringify([identity, [...labels]]))
    .digest('hex');
  return { kind: 'platform', key: `t-${hash.slice(0, 12)}` };
}

/**
 * How `service` is reached.
 * @throws MlopsError BAD_CONFIG naming the variables that are missing
 */
export function accessTo(config: Pick<Config, 'services'>, service: ServiceName): ServiceAccess {
  const access = config.services[service];
  if ('baseUrl' in access) return access;
  throw new MlopsError('BAD_CONFIG', `the service "${service}" is not configured: set ${access.missing.join(' and ')}`);
}
