import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { damagedArtifact } from '../artifacts/parse-artifact.ts';
import type { ArtifactStore } from '../artifacts/store.ts';

/**
 * Encrypts customers' texts before they go through Redis, with a secret of the tenant that is in the store alone: a copy
 * of Redis, or of its append-only file, reveals none of them.
 */
export interface Sealing {
  /**
   * AES-256-GCM with a fresh nonce, as base64url: sealing a text twice gives two values.
   * @param purpose what the value is for: it opens for the same purpose only
   */
  seal(purpose: string, text: string): string;
  /** `null` for a value that was sealed for another purpose or with another secret, or that was altered. */
  open(purpose: string, sealed: string): string | null;
  /** HMAC-SHA-256 in base64url, 43 characters: equal for equal texts of one purpose, and meaningless without the secret. */
  hash(purpose: string, text: string): string;
}

const key = 'tenant/secret';
const secretBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
const cipher = 'aes-256-gcm';

/**
 * Opens the tenant's sealing. The secret is created at the first use: of any number of processes, all get the same one.
 * @throws MlopsError ARTIFACT_DAMAGED if the secret has another length; the errors of the store
 */
export function openSealing(store: Pick<ArtifactStore, 'readIfThere' | 'create' | 'read'>): () => Promise<Sealing> {
  let opened: Promise<Sealing> | null = null;
  return async () => {
    opened ??= readSecret(store).then(sealingWith);
    // A store that is away is not remembered as such.
    opened.catch(() => {
      opened = null;
    });
    return await opened;
  };
}

async function readSecret(store: Pick<ArtifactStore, 'readIfThere' | 'create' | 'read'>): Promise<Buffer> {
  const known = await store.readIfThere(key);
  if (known === null) await store.create(key, `${randomBytes(secretBytes).toString('hex')}\n`);
  const secret = Buffer.from((known ?? (await store.read(key))).toString('utf8').trim(), 'hex');
  if (secret.byteLength !== secretBytes) throw damagedArtifact(key);
  return secret;
}

/** @param secret 32 bytes; a key of its own is derived for each use */
function sealingWith(secret: Buffer): Sealing {
  const derived = (use: string) => Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), use, 32));
  const [encryption, hashing] = [derived('cxone-mlops sealing'), derived('cxone-mlops hashing')];

  return {
    seal(purpose, text) {
      const nonce = randomBytes(nonceBytes);
      const encrypting = createCipheriv(cipher, encryption, nonce).setAAD(Buffer.from(purpose, 'utf8'));
      const content = Buffer.concat([encrypting.update(text, 'utf8'), encrypting.final()]);
      return Buffer.concat([nonce, content, encrypting.getAuthTag()]).toString('base64url');
    },
    open(purpose, sealed) {
      const bytes = Buffer.from(sealed, 'base64url');
      if (bytes.byteLength < nonceBytes + tagBytes) return null;
      const nonce = bytes.subarray(0, nonceBytes);
      const decrypting = createDecipheriv(cipher, encryption, nonce, { authTagLength: tagBytes })
        .setAAD(Buffer.from(purpose, 'utf8'))
        .setAuthTag(bytes.subarray(-tagBytes));
      try {
        const content = decrypting.update(bytes.subarray(nonceBytes, -tagBytes));
        return Buffer.concat([content, decrypting.final()]).toString('utf8');
      } catch {
        return null;
      }
    },
    hash: (purpose, text) => createHmac('sha256', hashing).update(`${purpose}\0${text}`, 'utf8').digest('base64url'),
  };
}
