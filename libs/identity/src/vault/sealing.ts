import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  randomFillSync,
  type KeyObject,
} from 'node:crypto';

/**
 * Ciphertexts of the vault: AES-256-GCM, laid out as version (1 byte), nonce (12), tag (16), content. The associated
 * data names the purpose and the person, so that a ciphertext moved to another person or column does not open.
 */
export type Purpose = 'key' | 'birth-date' | 'identity' | 'check';

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

export function seal(key: KeyObject | Buffer, purpose: Purpose, personId: string, content: string | Buffer): Buffer {
  const nonce = randomBlock(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(`${purpose}:${personId}`));
  const body = typeof content === 'string' ? cipher.update(content, 'utf8') : cipher.update(content);
  cipher.final(); // GCM holds nothing back; this makes the tag
  return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), body]);
}

/** @throws Error when the key, the person, the purpose or the content is not the one that was sealed */
export function unseal(key: KeyObject | Buffer, purpose: Purpose, personId: string, sealed: Buffer): Buffer {
  if (sealed.length < HEADER_BYTES || sealed[0] !== VERSION) throw new Error('not a ciphertext of the vault');
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 1 + NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(`${purpose}:${personId}`));
  decipher.setAuthTag(sealed.subarray(1 + NONCE_BYTES, HEADER_BYTES));
  const content = decipher.update(sealed.subarray(HEADER_BYTES));
  decipher.final();
  return content;
}

/** Keyed hashes under a key of their own, derived from the key-encryption key: without it a number cannot even be guessed at. */
export class LookupHash {
  private readonly key: KeyObject;

  constructor(kek: KeyObject) {
    this.key = createSecretKey(Buffer.from(hkdfSync('sha256', kek, Buffer.alloc(0), 'traject identity lookup v1', KEY_BYTES)));
  }

  ofBsn(bsn: string): Buffer {
    return createHmac('sha256', this.key).update(`bsn\0${bsn}`).digest();
  }

  /** Relation numbers are unique within an insurer only. */
  ofRelationNumber(insurer: string, number: string): Buffer {
    return createHmac('sha256', this.key).update(`relation\0${insurer}\0${number}`).digest();
  }
}
