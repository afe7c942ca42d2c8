import { createCipheriv, createDecipheriv, hash, hkdfSync, randomFillSync, type KeyObject } from 'node:crypto';

/**
 * Ciphertexts of the vault: AES-256-GCM, laid out as version (1 byte), nonce (12), tag (16), content. The associated
 * data names the purpose and the subject, so that a ciphertext moved to another person, column or object does not open. The subject
 * is a person id; of what a person has several of, it names the one.
 */
export type Purpose = 'key' | 'identity' | 'check' | 'note' | 'document';

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + NONCE_BYTES + TAG_BYTES;
export const KEY_BYTES = 32;

// random bytes are drawn in blocks: one system call for thousands of nonces
const pool = Buffer.alloc(16_384);
let used = pool.length;

export function randomBlock(bytes: number): Buffer {
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const block = Buffer.from(pool.subarray(used, used + bytes));
  // what was handed out as a key does not stay behind
  pool.fill(0, used, used + bytes);
  used += bytes;
  return block;
}

export function seal(key: KeyObject | Buffer, purpose: Purpose, subject: string, content: string | Buffer): Buffer {
  const nonce = randomBlock(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(`${purpose}:${subject}`));
  const body = typeof content === 'string' ? cipher.update(content, 'utf8') : cipher.update(content);
  cipher.final(); // GCM holds nothing back; this makes the tag
  return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), body]);
}

/** @throws Error when the key, the subject, the purpose or the content is not the one that was sealed */
export function unseal(key: KeyObject | Buffer, purpose: Purpose, subject: string, sealed: Buffer): Buffer {
  if (sealed.length < HEADER_BYTES || sealed[0] !== VERSION) throw new Error('not a ciphertext of the vault');
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 1 + NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(`${purpose}:${subject}`));
  decipher.setAuthTag(sealed.subarray(1 + NONCE_BYTES, HEADER_BYTES));
  const content = decipher.update(sealed.subarray(HEADER_BYTES));
  decipher.final();
  return content;
}

/** What is sealed for a person under the key-encryption key: destroying it destroys both. */
export interface PersonSecret {
  readonly key: Buffer;
  /** YYYY-MM-DD. Here rather than under the person's key, so that a resolve opens one ciphertext a person and not two. */
  readonly birthDate: string;
}

export function sealSecret(kek: KeyObject, personId: string, { key, birthDate }: PersonSecret): Buffer {
  return seal(kek, 'key', personId, Buffer.concat([key, Buffer.from(birthDate, 'latin1')]));
}

/** @throws Error as `unseal` */
export function unsealSecret(kek: KeyObject, personId: string, sealed: Buffer): PersonSecret {
  const content = unseal(kek, 'key', personId, sealed);
  return { key: content.subarray(0, KEY_BYTES), birthDate: content.toString('latin1', KEY_BYTES) };
}

const BLOCK_BYTES = 64;

/**
 * Keyed hashes under a key of their own, derived from the key-encryption key: without it a number cannot even be guessed at.
 * HMAC-SHA-256 (RFC 2104), written out over two one-shot hashes: a third of the time of an Hmac object each.
 */
export class LookupHash {
  private readonly inner: Buffer;
  private readonly outer: Buffer;

  constructor(kek: KeyObject) {
    const key = Buffer.alloc(BLOCK_BYTES);
    Buffer.from(hkdfSync('sha256', kek, Buffer.alloc(0), 'traject identity lookup v1', KEY_BYTES)).copy(key);
    this.inner = key.map((byte) => byte ^ 0x36) as Buffer;
    this.outer = key.map((byte) => byte ^ 0x5c) as Buffer;
    key.fill(0);
  }

  ofBsn(bsn: string): Buffer {
    return this.of(`bsn\0${bsn}`);
  }

  /** Relation numbers are unique within an insurer only. */
  ofRelationNumber(insurer: string, number: string): Buffer {
    return this.of(`relation\0${insurer}\0${number}`);
  }

  private of(text: string): Buffer {
    const inner = hash('sha256', Buffer.concat([this.inner, Buffer.from(text, 'utf8')]), 'buffer');
    return hash('sha256', Buffer.concat([this.outer, inner]), 'buffer');
  }
}
