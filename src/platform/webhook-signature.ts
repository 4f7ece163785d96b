import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { MlopsError } from '../errors.ts';

/** A decoded Standard Webhooks secret. It is never printed. */
export type WebhookKey = Buffer;

const prefix = 'whsec_';
/** How far a timestamp may be from our clock, in either direction. */
const toleranceSeconds = 5 * 60;
/** Further signatures in one header are ignored. */
const mostSignatures = 20;

/**
 * @param setting the setting that holds the secret, for the error
 * @throws MlopsError BAD_CONFIG if `secret` is not `whsec_` and base64; the message does not repeat it
 */
export function parseWebhookSecret(secret: string, setting: string): WebhookKey {
  const key = secret.startsWith(prefix) ? fromBase64(secret.slice(prefix.length)) : null;
  if (key !== null && key.length > 0) return key;
  throw new MlopsError(
    'BAD_CONFIG',
    `${setting} is not a Standard Webhooks secret: set whsec_ followed by base64, such as "whsec_$(openssl rand -base64 32)"`,
    { where: setting },
  );
}

/**
 * One secret, or two separated by a comma during rotation.
 * @throws MlopsError BAD_CONFIG, as `parseWebhookSecret`
 */
export function parseWebhookSecrets(secrets: string, setting: string): readonly WebhookKey[] {
  return separated(secrets, setting).map(each => parseWebhookSecret(each, setting));
}

function separated(secrets: string, setting: string): string[] {
  const all = secrets.split(',').map(each => each.trim());
  if (all.length <= 2 && !all.includes('')) return all;
  throw new MlopsError('BAD_CONFIG', `${setting} must hold one secret, or two separated by a comma during rotation`, {
    where: setting,
  });
}

export interface SignedHeaders {
  readonly 'webhook-id': string;
  readonly 'webhook-timestamp': string;
  readonly 'webhook-signature': string;
}

/**
 * The Standard Webhooks headers that sign a message. During rotation it is signed with both keys, so that a receiver
 * with either key accepts it.
 * @param timestamp in seconds since 1970
 * @param body the bytes to be sent
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

/** Whether the sender of a request knows the secret. `id` is the message's, if the profile has one. */
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

/** Verifies a Standard Webhooks signature: any of the signatures may match any of the keys. */
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

/** The signatures of version 1; other versions, and values that are not the base64 of 32 bytes, are left out. */
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
  // All hashes have the same length, so the comparison time does not depend on the login's length.
  const digest = (text: string | Buffer) => createHash('sha256').update(text).digest();
  return isAnyEqual(logins.map(digest), [digest(login)]) ? { ok: true, id: null } : refused('wrong');
}

/** All pairs are compared, each in constant time, so that the duration does not reveal which pair is equal. */
function isAnyEqual(expected: readonly Buffer[], presented: readonly Buffer[]): boolean {
  let isEqual = false;
  for (const one of expected)
    for (const other of presented) isEqual = (one.length === other.length && timingSafeEqual(one, other)) || isEqual;
  return isEqual;
}

/** `null` if `text` is not base64; padding may be missing. */
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
 * @throws MlopsError BAD_CONFIG if it does not fit the profile; the message does not repeat it
 */
export function openHookVerifier(profile: HookProfile, secret: string): HookVerifier {
  const secrets = separated(secret, 'HOOK_SECRET');
  switch (profile) {
    case 'standard-webhooks': {
      const keys = secrets.map(each => parseWebhookSecret(each, 'HOOK_SECRET'));
      return incoming => verifyWebhook(keys, incoming);
    }
    case 'hub-signature-256':
      return incoming => verifyHubSignature(secrets, incoming);
    case 'basic':
      if (secrets.some(each => !/^[^:]+:./.test(each)))
        throw new MlopsError('BAD_CONFIG', 'HOOK_SECRET must be user:password while HOOK_PROFILE is basic', {
          where: 'HOOK_SECRET',
        });
      return incoming => verifyBasic(secrets, incoming);
  }
}
