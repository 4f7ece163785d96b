import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { MlopsError } from '../errors.ts';

/** A secret of Standard Webhooks, decoded. It is never printed. */
export type WebhookKey = Buffer;

const prefix = 'whsec_';
/** How far a timestamp may be from our clock, in either direction. */
const toleranceSeconds = 5 * 60;
/** More signatures in one header are not looked at. */
const mostSignatures = 20;

/**
 * @param setting the setting that holds the secret, for the error
 * @throws MlopsError BAD_CONFIG where `secret` is not `whsec_` and base64; the message does not repeat it
 */
export function parseWebhookSecret(secret: string, setting: string): WebhookKey {
  const key = secret.startsWith(prefix) ? fromBase64(secret.slice(prefix.length)) : null;
  if (key !== null && key.length > 0) return key;
  throw new MlopsError(
    'BAD_CONFIG',
    `${setting} is not a secret of Standard Webhooks: set whsec_ followed by base64, such as "whsec_$(openssl rand -base64 32)"`,
    { where: setting },
  );
}

export interface SignedHeaders {
  readonly 'webhook-id': string;
  readonly 'webhook-timestamp': string;
  readonly 'webhook-signature': string;
}

/**
 * The headers that sign a message by Standard Webhooks. During rotation it is signed with both keys, so that a receiver
 * with either of them accepts it.
 * @param timestamp in seconds since 1970
 * @param body the bytes that are sent
 */
export function signWebhook(
  keys: readonly WebhookKey[],
  { id, timestamp, body }: { readonly id: string; readonly timestamp: number; readonly body: string | Buffer },
): SignedHeaders {
  const signatures = keys.map(key => `v1,${signature(key, id, String(timestamp), body).toString('base64')}`);
  return { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': signatures.join(' ') };
}

function signature(key: WebhookKey, id: string, timestamp: string, body: string | Buffer): Buffer {
  return createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();
}

/** Headers of a request by lower-case name, as Node has them. */
export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

export type Refusal = 'missing' | 'malformed' | 'too-old' | 'too-new' | 'wrong';

/** Whether the sender of a request knows the secret. `id` is the message's, where the profile has one. */
export type Verified =
  | { readonly ok: true; readonly id: string | null }
  | { readonly ok: false; readonly reason: Refusal };

interface Incoming {
  readonly headers: RequestHeaders;
  /** The bytes of the body as they were received. */
  readonly body: Buffer;
  /** Our clock, in milliseconds since 1970. */
  readonly now: number;
}

/** Verifies by Standard Webhooks: any of the signatures may be of any of the keys. */
export function verifyWebhook(keys: readonly WebhookKey[], { headers, body, now }: Incoming): Verified {
  const [id, timestamp, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map(
    name => headers[name],
  );
  if (!id || !timestamp || !signatures) return refused('missing');
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signatures !== 'string')
    return refused('malformed');
  if (id.length > 256 || !/^\d{1,12}$/.test(timestamp)) return refused('malformed');
  const presented = signaturesIn(signatures);
  if (presented.length === 0) return refused('malformed');
  const age = Math.floor(now / 1000) - Number(timestamp);
  if (age > toleranceSeconds) return refused('too-old');
  if (age < -toleranceSeconds) return refused('too-new');
  const expected = keys.map(key => signature(key, id, timestamp, body));
  return isAnyEqual(expected, presented) ? { ok: true, id } : refused('wrong');
}

/** The signatures of version 1; others, and what is not the base64 of 32 bytes, are left out. */
function signaturesIn(header: string): Buffer[] {
  return header
    .split(' ', mostSignatures)
    .flatMap(each => (each.startsWith('v1,') ? [fromBase64(each.slice('v1,'.length))] : []))
    .filter(each => each !== null)
    .filter(each => each.length === 32);
}

/**
 * Verifies `X-Hub-Signature-256`, the HMAC of the body. It has no timestamp: a repeated request is recognized by the id
 * of its event.
 */
export function verifyHubSignature(secrets: readonly string[], { headers, body }: Incoming): Verified {
  const header = headers['x-hub-signature-256'];
  if (!header) return refused('missing');
  const hex = typeof header === 'string' ? /^sha256=([0-9a-f]{64})$/i.exec(header)?.[1] : undefined;
  if (hex === undefined) return refused('malformed');
  const expected = secrets.map(secret => createHmac('sha256', secret).update(body).digest());
  return isAnyEqual(expected, [Buffer.from(hex, 'hex')]) ? { ok: true, id: null } : refused('wrong');
}

/** The header `X-Hub-Signature-256` of a body. */
export function signHub(secret: string, body: string | Buffer): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

/** Verifies HTTP Basic. @param logins each `user:password` */
export function verifyBasic(logins: readonly string[], { headers }: Incoming): Verified {
  const { authorization } = headers;
  if (!authorization) return refused('missing');
  if (typeof authorization !== 'string' || authorization.slice(0, 6).toLowerCase() !== 'basic ')
    return refused('malformed');
  const login = fromBase64(authorization.slice(6).trim());
  if (login === null || !login.includes(':')) return refused('malformed');
  // Hashes have one length, whatever that of the login: the time of the comparison does not depend on it.
  const digest = (text: string | Buffer) => createHash('sha256').update(text).digest();
  return isAnyEqual(logins.map(digest), [digest(login)]) ? { ok: true, id: null } : refused('wrong');
}

/** All pairs are compared, each in constant time: how long it takes does not show which one was equal. */
function isAnyEqual(expected: readonly Buffer[], presented: readonly Buffer[]): boolean {
  let isEqual = false;
  for (const one of expected)
    for (const other of presented) isEqual = (one.length === other.length && timingSafeEqual(one, other)) || isEqual;
  return isEqual;
}

/** `null` where `text` is not base64; padding may be missing. */
function fromBase64(text: string): Buffer | null {
  const digits = /^([A-Za-z0-9+/]*)={0,2}$/.exec(text)?.[1];
  return digits === undefined || digits.length % 4 === 1 ? null : Buffer.from(digits, 'base64');
}

function refused(reason: Refusal): Verified {
  return { ok: false, reason };
}

export const hookProfiles = ['standard-webhooks', 'hub-signature-256', 'basic'] as const;
export type HookProfile = (typeof hookProfiles)[number];

/** Verifies incoming webhooks. */
export type HookVerifier = (incoming: Incoming) => Verified;

/**
 * @param secret the value of HOOK_SECRET: one secret, or two separated by a comma during rotation
 * @throws MlopsError BAD_CONFIG where it does not fit the profile; the message does not repeat it
 */
export function openHookVerifier(profile: HookProfile, secret: string): HookVerifier {
  const secrets = secret.split(',').map(each => each.trim());
  if (secrets.length > 2 || secrets.includes(''))
    throw unfit('HOOK_SECRET must hold one secret, or two separated by a comma during rotation');
  switch (profile) {
    case 'standard-webhooks': {
      const keys = secrets.map(each => parseWebhookSecret(each, 'HOOK_SECRET'));
      return incoming => verifyWebhook(keys, incoming);
    }
    case 'hub-signature-256':
      return incoming => verifyHubSignature(secrets, incoming);
    case 'basic':
      if (secrets.some(each => !/^[^:]+:./.test(each)))
        throw unfit('HOOK_SECRET must be user:password while HOOK_PROFILE is basic');
      return incoming => verifyBasic(secrets, incoming);
  }
}

function unfit(message: string): MlopsError {
  return new MlopsError('BAD_CONFIG', message, { where: 'HOOK_SECRET' });
}
