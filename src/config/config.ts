import { MlopsError } from '../errors.ts';
import type { LogLevel } from '../logger.ts';
import type { Family, Limit } from '../platform/endpoints.ts';
import { type EntitySettings, entitySections, readEntities } from './entities.ts';
import { type HttpAccess, httpSections, readHttp } from './http.ts';
import { limitSections, type QueueSettings, readConcurrency, readLimits } from './limits.ts';
import { loggingSections, readLivenessFile, readLogLevel } from './logging.ts';
import { platformSections, readServices, type Services } from './platform.ts';
import { type PublicAddress, publicAddressSections, readPublicAddress } from './public-address.ts';
import { type RetentionTimes, readRetention, retentionSections } from './retention.ts';
import { readSentiment, type SentimentSettings, sentimentSections } from './sentiment.ts';
import { type Environment, type Section, SettingReader } from './setting.ts';
import { readStorage, type Storage, storageSections } from './storage.ts';
import { readTenant, type Tenant, tenantSections } from './tenant.ts';
import { readWebhooks, type WebhookSettings, webhookSections } from './webhooks.ts';

export interface Config extends Storage, HttpAccess, PublicAddress {
  readonly tenant: Tenant;
  readonly services: Services;
  readonly limits: Readonly<Record<Family, Limit>>;
  /** Jobs of a queue that one worker process runs at once, where it differs from the queue's own policy. */
  readonly concurrency: Readonly<Record<string, number>>;
  readonly webhooks: WebhookSettings;
  readonly entities: EntitySettings;
  readonly sentiment: SentimentSettings;
  /** `null`: what suits the command. */
  readonly logLevel: LogLevel | null;
  /** `null`: none. */
  readonly livenessFile: string | null;
  readonly retention: RetentionTimes;
}

/**
 * The environment, validated whole: one frozen object.
 * @throws MlopsError BAD_CONFIG that names every wrong variable
 */
export function readConfig(environment: Environment, queues: readonly QueueSettings[]): Config {
  const reader = new SettingReader(environment);
  const config: Config = {
    tenant: readTenant(reader),
    services: readServices(reader),
    ...readStorage(reader),
    ...readHttp(reader),
    ...readPublicAddress(reader),
    limits: readLimits(reader),
    concurrency: readConcurrency(reader, queues),
    webhooks: readWebhooks(reader),
    entities: readEntities(reader),
    sentiment: readSentiment(reader),
    retention: readRetention(reader),
    logLevel: readLogLevel(reader),
    livenessFile: readLivenessFile(reader),
  };
  if (reader.problems.length > 0)
    throw new MlopsError('BAD_CONFIG', `invalid environment: ${reader.problems.join(' · ')}`);
  return Object.freeze(config);
}

/** All settings, for the documents. */
export function settingSections(queues: readonly QueueSettings[]): Section[] {
  return [
    ...tenantSections,
    ...platformSections,
    ...storageSections,
    ...httpSections,
    ...entitySections,
    ...sentimentSections,
    ...publicAddressSections,
    ...webhookSections,
    ...retentionSections,
    ...loggingSections,
    ...limitSections(queues),
  ];
}
