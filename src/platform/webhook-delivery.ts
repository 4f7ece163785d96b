/** What a delivery counts against. */
export const webhookDelivery = { family: 'WEBHOOKS', service: null } as const;

export const webhookTargets = ['notify', 'analytics'] as const;
export type WebhookTarget = (typeof webhookTargets)[number];
