import { type Section, type Setting, type SettingReader, secretText, url } from './setting.ts';

/** Targets of notifications and metrics (`null`: not sent); `secret` signs them. */
export interface WebhookSettings {
  readonly notify: string | null;
  readonly analytics: string | null;
  readonly secret: string | null;
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
  description: 'Signs our outgoing webhooks',
  example: null,
  unset: 'they are not signed',
  schema: secretText,
};

export function readWebhooks(reader: SettingReader): WebhookSettings {
  return {
    notify: reader.read(notify) ?? null,
    analytics: reader.read(analytics) ?? null,
    secret: reader.read(secret) ?? null,
  };
}

export const webhookSections: readonly Section[] = [
  { title: 'Webhooks', introduction: 'What is posted to other systems.', settings: [notify, analytics, secret] },
];
