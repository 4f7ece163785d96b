import { z } from 'zod';
import { isCoded } from '../errors.ts';
import {
  type HookProfile,
  hookProfiles,
  openHookVerifier,
  parseWebhookSecrets,
} from '../platform/webhook-signature.ts';
import { type Section, type Setting, type SettingReader, secretText, text, url } from './setting.ts';

/**
 * Targets of notifications and metrics (`null`: not sent); `secret` signs them: one Standard Webhooks secret, or two
 * separated by a comma. `hook` verifies the platform's webhooks; `null`: none are accepted.
 */
export interface WebhookSettings {
  readonly notify: string | null;
  readonly analytics: string | null;
  readonly secret: string | null;
  readonly hook: HookSettings | null;
}

/** `secret`: as `openHookVerifier` takes it. */
export interface HookSettings {
  readonly profile: HookProfile;
  readonly secret: string;
}

const web = url(['http:', 'https:']);
const notify: Setting<string> = {
  name: 'NOTIFY_WEBHOOK_URL',
  description: 'Where notifications are posted (docs/webhooks.md)',
  example: null,
  unset: 'no notifications are sent',
  schema: web,
};
const analytics: Setting<string> = {
  name: 'ANALYTICS_WEBHOOK_URL',
  description: 'Where metrics are posted',
  example: null,
  unset: 'no metrics are posted',
  schema: web,
};
const secret: Setting<string> = {
  name: 'WEBHOOK_SECRET',
  description:
    'Signs our outgoing webhooks (Standard Webhooks): `whsec_` and base64, or two of them, separated by a comma, during rotation',
  example: null,
  unset: 'they are not signed',
  schema: secretText,
};
const hookProfile: Setting<HookProfile> = {
  name: 'HOOK_PROFILE',
  description: 'How the platform authenticates its webhooks: `standard-webhooks`, `hub-signature-256` or `basic`',
  example: 'standard-webhooks',
  schema: z.enum(hookProfiles, { error: `must be one of ${hookProfiles.join(', ')}` }),
};
const hookSecret: Setting<string> = {
  name: 'HOOK_SECRET',
  description:
    'Verifies the platform’s webhooks at `/v1/hooks/cognigy`; two, separated by a comma, during rotation; `user:password` for `basic`',
  example: null,
  unset: 'they are answered 404',
  schema: text,
};

export function readWebhooks(reader: SettingReader): WebhookSettings {
  return {
    notify: reader.read(notify) ?? null,
    analytics: reader.read(analytics) ?? null,
    secret: checkedSecret(reader, reader.read(secret), each => parseWebhookSecrets(each, secret.name)),
    hook: readHook(reader),
  };
}

function readHook(reader: SettingReader): HookSettings | null {
  const profile = reader.read(hookProfile) ?? 'standard-webhooks';
  const read = checkedSecret(reader, reader.read(hookSecret), each => openHookVerifier(profile, each));
  return read === null ? null : { profile, secret: read };
}

/** @returns `null` if it is not set, or invalid */
function checkedSecret(
  reader: SettingReader,
  value: string | undefined,
  check: (secret: string) => unknown,
): string | null {
  // Line breaks at the end come from files of secrets.
  const trimmed = value?.trim() ?? '';
  if (trimmed === '') return null;
  try {
    check(trimmed);
    return trimmed;
  } catch (error) {
    if (!isCoded(error, 'BAD_CONFIG')) throw error;
    reader.problems.push(error.message);
    return null;
  }
}

export const webhookSections: readonly Section[] = [
  {
    title: 'Webhooks',
    introduction: 'What is posted to other systems, and what the platform posts to us (docs/webhooks.md).',
    settings: [notify, analytics, secret, hookProfile, hookSecret],
  },
];
