import { z } from 'zod';
import { defaultLimits, type Family, type Limit } from '../platform/endpoints.ts';
import type { AnySetting, Section, Setting, SettingReader } from './setting.ts';

const perMs = { s: 1000, min: 60_000, h: 3_600_000 } as const;

const limit = z
  .string()
  .regex(/^[1-9]\d*\/(s|min|h)$/, 'must be a number of requests per s, min or h, such as 20/s')
  .transform((text): Limit => {
    const [count, unit] = text.split('/');
    return { count: Number(count), perMs: unit === 's' ? perMs.s : unit === 'min' ? perMs.min : perMs.h };
  });
const positiveInteger = z
  .string()
  .regex(/^[1-9]\d{0,5}$/, 'must be a whole number of at least 1')
  .transform(Number);

/** What each budget's requests do. */
const families: Readonly<Record<Family, string>> = {
  INTERACTIONS: 'Reading the interaction log',
  INTENTS: 'Reading intents',
  CONFIG: 'Pushing thresholds',
  SUBMIT: 'Submitting a training',
  POLL: 'Polling trainings, and reading their results',
  NLU: 'Extracting entities',
  CALIBRATION: 'Submitting a calibration',
  CALIBRATION_STATUS: 'Polling calibrations',
  AUDIT_TRAIL: 'Reading the platform’s audit trail',
  WEBHOOKS: 'Delivering webhooks, and registering them at the platform',
};
const familyNames = Object.keys(families).filter((name): name is Family => name in families);

/** `10/min` of 10 requests in 60,000 ms. */
export function limitText({ count, perMs: period }: Limit): string {
  const unit = period === perMs.s ? 's' : period === perMs.min ? 'min' : 'h';
  return `${count}/${unit}`;
}

function limitSetting(family: Family): Setting<Limit> {
  return {
    name: `LIMIT_${family}`,
    description: families[family],
    example: limitText(defaultLimits[family]),
    schema: limit,
  };
}

/** What the settings need to know of a queue. */
export interface QueueSettings {
  readonly name: string;
  readonly policy: { readonly concurrency: number };
}

function concurrencySetting({ name, policy }: QueueSettings): Setting<number> {
  return {
    name: `CONCURRENCY_${name.toUpperCase().replaceAll('-', '_')}`,
    description: `Jobs of ${name} that one worker process runs at once`,
    example: String(policy.concurrency),
    schema: positiveInteger,
  };
}

export function readLimits(reader: SettingReader): Readonly<Record<Family, Limit>> {
  const limits: Record<Family, Limit> = { ...defaultLimits };
  for (const family of familyNames) limits[family] = reader.read(limitSetting(family)) ?? limits[family];
  reader.refuseUnknown(
    'LIMIT_',
    familyNames.map(family => limitSetting(family).name),
  );
  return limits;
}

/** Jobs of a queue that one worker process runs at once, where it differs from the queue's own policy. */
export function readConcurrency(
  reader: SettingReader,
  queues: readonly QueueSettings[],
): Readonly<Record<string, number>> {
  const concurrency: Record<string, number> = {};
  for (const queue of queues) {
    const value = reader.read(concurrencySetting(queue));
    if (value !== undefined) concurrency[queue.name] = value;
  }
  reader.refuseUnknown(
    'CONCURRENCY_',
    queues.map(queue => concurrencySetting(queue).name),
  );
  return concurrency;
}

export function limitSections(queues: readonly QueueSettings[]): Section[] {
  return [
    {
      title: 'Limits',
      introduction: 'Requests to other systems, as a number per s, min or h, over all processes together.',
      settings: familyNames.map((family): AnySetting => limitSetting(family)),
    },
    {
      title: 'Concurrency',
      introduction: 'Jobs of a queue that one worker process runs at once.',
      settings: queues.map((queue): AnySetting => concurrencySetting(queue)),
    },
  ];
}
