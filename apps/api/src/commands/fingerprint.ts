/** Fingerprints of requests: to know one again without keeping it. */
import { createHmac, hkdfSync, type KeyObject } from 'node:crypto';
import canonicalize from 'canonicalize';

const PURPOSE = 'traject/api/idempotency/1';
const KEY_BYTES = 32;

/** A key of its own, derived from the key-encryption key: a plain hash of a BSN is found again by trying all of them. */
export const fingerprintKey = (keyEncryptionKey: KeyObject): Buffer =>
  Buffer.from(hkdfSync('sha256', keyEncryptionKey, Buffer.alloc(0), PURPOSE, KEY_BYTES));

/** Keyed hash of what a request says: the same for the same JSON whatever the order of its names and its white space. */
export const fingerprint = (key: Buffer, content: unknown): Buffer =>
  createHmac('sha256', key)
    .update(canonicalize(content) ?? '')
    .digest();
