import { z } from 'zod';
import { MlopsError } from '../errors.ts';
import type { ServiceName } from '../platform/endpoints.ts';
import { plainUrl, type Section, type Setting, type SettingReader, secretText } from './setting.ts';
import type { Tenant } from './tenant.ts';

/** A service's address, and our credentials there. */
export interface ServiceAccess {
  /** Without a trailing slash. */
  readonly baseUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** A configured service. */
export interface ConfiguredService extends ServiceAccess {
  /** Which service this is: its base URL and its instance, organisation, region or Cognigy tenant. It holds no secret. */
  readonly identity: string;
}

/** How a service is reached; a service that is not configured holds the names of the variables that would do it. */
export type Services = Readonly<Record<ServiceName, ConfiguredService | { readonly missing: readonly string[] }>>;

const hostLabel = z
  .string()
  .regex(/^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$/, 'must be a host name label, such as "acme"');

const everywhere: Setting<string> = {
  name: 'CXONE_BASE_URL',
  description: 'Points every service at one host: a gateway, or a sandbox on another machine',
  example: null,
  schema: plainUrl,
};
const instance: Setting<string> = {
  name: 'CXONE_INSTANCE',
  description: 'The CXone instance: `acme` in `https://acme.cxone.com` (curation, entities)',
  example: null,
  schema: hostLabel,
};
const organisation: Setting<string> = {
  name: 'CXONE_ORG_ID',
  description: 'The organisation: `acme` in `https://acme.cloud.nicecxone.com` (thresholds)',
  example: null,
  schema: hostLabel,
};
const region: Setting<string> = {
  name: 'CXONE_REGION',
  description: 'The region: `us2-01` in `https://api.us2-01.cxone.com` (training)',
  example: null,
  schema: hostLabel,
};
const cognigyTenant: Setting<string> = {
  name: 'COGNIGY_TENANT',
  description: 'The Cognigy tenant: `acme` in `https://acme.cognigy.com` (sentiment)',
  example: null,
  schema: hostLabel,
};
const clientId: Setting<string> = {
  name: 'CXONE_CLIENT_ID',
  description: 'OAuth client of every service that has none of its own',
  example: null,
  schema: secretText,
};
const clientSecret: Setting<string> = {
  name: 'CXONE_CLIENT_SECRET',
  description: 'Its secret',
  example: null,
  schema: secretText,
};

/** Per service: what it is used for, the variable that names a part of its default host, and that host. */
const hosts: Readonly<
  Record<ServiceName, { readonly use: string; readonly label: Setting<string>; url(name: string): string }>
> = {
  interactions: { use: 'curation', label: instance, url: name => `https://${name}.cxone.com` },
  nlp: { use: 'thresholds', label: organisation, url: name => `https://${name}.cloud.nicecxone.com` },
  training: { use: 'training', label: region, url: name => `https://api.${name}.cxone.com` },
  nlu: { use: 'entities', label: instance, url: name => `https://${name}.cxone.com` },
  cognigy: { use: 'sentiment', label: cognigyTenant, url: name => `https://${name}.cognigy.com` },
};
export const serviceNames = Object.keys(hosts).filter((name): name is ServiceName => name in hosts);

function ownSettings(service: ServiceName) {
  const prefix = service.toUpperCase();
  const { use } = hosts[service];
  return {
    baseUrl: { name: `${prefix}_BASE_URL`, description: `Base URL (${use})`, example: null, schema: plainUrl },
    clientId: { name: `${prefix}_CLIENT_ID`, description: `OAuth client (${use})`, example: null, schema: secretText },
    clientSecret: {
      name: `${prefix}_CLIENT_SECRET`,
      description: `Its secret (${use})`,
      example: null,
      schema: secretText,
    },
  } satisfies Record<keyof ServiceAccess, Setting<string>>;
}

export function readServices(reader: SettingReader): Services {
  const shared = {
    baseUrl: reader.read(everywhere),
    clientId: reader.read(clientId),
    clientSecret: reader.read(clientSecret),
  };
  // Each is checked once, though two services may use it.
  const labels = new Map([instance, organisation, region, cognigyTenant].map(each => [each.name, reader.read(each)]));

  function readService(service: ServiceName): Services[ServiceName] {
    const { label, url: hostOf } = hosts[service];
    const own = ownSettings(service);
    const name = labels.get(label.name);
    const base = reader.read(own.baseUrl) ?? shared.baseUrl ?? (name === undefined ? undefined : hostOf(name));
    const id = reader.read(own.clientId) ?? shared.clientId;
    const secret = reader.read(own.clientSecret) ?? shared.clientSecret;
    if (base !== undefined && id !== undefined && secret !== undefined) {
      const baseUrl = base.replace(/\/+$/, '');
      return { baseUrl, clientId: id, clientSecret: secret, identity: identityOf(baseUrl, label.name, name) };
    }
    return {
      missing: [
        ...(base === undefined ? [`${own.baseUrl.name} (or ${everywhere.name} or ${label.name})`] : []),
        ...(id === undefined ? [`${own.clientId.name} (or ${clientId.name})`] : []),
        ...(secret === undefined ? [`${own.clientSecret.name} (or ${clientSecret.name})`] : []),
      ],
    };
  }

  return {
    interactions: readService('interactions'),
    nlp: readService('nlp'),
    training: readService('training'),
    nlu: readService('nlu'),
    cognigy: readService('cognigy'),
  };
}

/** `URL` drops a scheme's default port and lower-cases the host. */
function identityOf(baseUrl: string, variable: string, label: string | undefined): string {
  const { protocol, host, pathname } = new URL(baseUrl);
  const place = `${protocol}//${host}${pathname.replace(/\/+$/, '')}`;
  return label === undefined ? place : `${place} ${variable}=${label}`;
}

/**
 * Address and credentials of `service`.
 * @throws MlopsError BAD_CONFIG with the missing variables
 */
export function accessTo({ services }: { readonly services: Services }, service: ServiceName): ConfiguredService {
  const access = services[service];
  if ('baseUrl' in access) return access;
  throw new MlopsError(
    'BAD_CONFIG',
    `the service "${service}" is not configured: set ${access.missing.join(' and ')}, or try it with --sandbox`,
  );
}

/**
 * Required of processes that serve all queues.
 * @throws MlopsError BAD_CONFIG if no service is configured and the sandbox was not requested
 */
export function requireService({ tenant, services }: { readonly tenant: Tenant; readonly services: Services }): void {
  if (tenant.kind === 'sandbox' || Object.values(services).some(service => 'baseUrl' in service)) return;
  const needed = serviceNames.flatMap(service => {
    const access = services[service];
    return 'missing' in access ? [`for ${hosts[service].use} ${access.missing.join(' and ')}`] : [];
  });
  throw new MlopsError(
    'BAD_CONFIG',
    `no service of the platform is configured: set ${needed.join('; ')}. To try the system with a simulated platform, use --sandbox`,
  );
}

export const platformSections: readonly Section[] = [
  {
    title: 'The platform',
    introduction:
      'A service is configured by its base URL (or the name that its default host is made of) and an OAuth client. ' +
      'Configure only the services you use; a command that needs another one names its variables.',
    settings: [
      everywhere,
      instance,
      organisation,
      region,
      cognigyTenant,
      clientId,
      clientSecret,
      ...serviceNames.flatMap(service => Object.values(ownSettings(service))),
    ],
  },
];
