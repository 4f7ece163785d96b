import { createHmac } from 'node:crypto';

/** How deliveries are signed. */
export type Signing = 'standard' | 'x-hub-signature-256' | 'basic';

/** A delivery that is about to be sent. */
export interface Unsigned {
  readonly id: string;
  /** Whole seconds since the epoch. */
  readonly seconds: number;
  readonly body: string;
}

/** The headers by which a receiver knows that the platform sent a delivery. */
export function signed(signing: Signing, secret: string, { id, seconds, body }: Unsigned): Record<string, string> {
  const identity = { 'webhook-id': id, 'webhook-timestamp': String(seconds) };
  switch (signing) {
    case 'standard': {
      const mac = createHmac('sha256', keyOf(secret)).update(`${id}.${seconds}.${body}`).digest('base64');
      return { ...identity, 'webhook-signature': `v1,${mac}` };
    }
    case 'x-hub-signature-256':
      return { 'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` };
    case 'basic':
      return {
        authorization: `Basic ${Buffer.from(secret.includes(':') ? secret : `webhook:${secret}`).toString('base64')}`,
      };
  }
}

/** Standard Webhooks: what follows `whsec_` is the key in Base64. */
function keyOf(secret: string): Buffer {
  return secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : Buffer.from(secret);
}
