import { createHmac, createSecretKey, hkdfSync, randomBytes } from 'node:crypto';
import { LookupHash, randomBlock, seal, sealSecret, unseal, unsealSecret } from './sealing';

const kek = createSecretKey(randomBytes(32));
const PERSON = '00000000-0000-4000-8000-000000000001';
const OTHER = '00000000-0000-4000-8000-000000000002';

describe('sealing', () => {
  test('what is sealed opens with its key, purpose and person only', () => {
    const sealed = seal(kek, 'identity', PERSON, 'content é');
    expect(unseal(kek, 'identity', PERSON, sealed).toString()).toBe('content é');
    expect(() => unseal(createSecretKey(randomBytes(32)), 'identity', PERSON, sealed)).toThrow();
    expect(() => unseal(kek, 'key', PERSON, sealed)).toThrow();
    expect(() => unseal(kek, 'identity', OTHER, sealed)).toThrow();
  });

  test('any changed or missing byte is found', () => {
    const sealed = seal(kek, 'identity', PERSON, 'content');
    for (let index = 0; index < sealed.length; index += 1) {
      const changed = Buffer.from(sealed);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(() => unseal(kek, 'identity', PERSON, changed)).toThrow();
      expect(() => unseal(kek, 'identity', PERSON, sealed.subarray(0, index))).toThrow();
    }
  });

  test('the same content is never sealed to the same bytes', () => {
    const sealed = new Set(
      Array.from({ length: 2_000 }, () => seal(kek, 'identity', PERSON, 'content').subarray(1, 13).toString('hex')),
    );
    expect(sealed.size).toBe(2_000);
  });

  test('random blocks are distinct, also across refills', () => {
    expect(new Set(Array.from({ length: 2_000 }, () => randomBlock(32).toString('hex'))).size).toBe(2_000);
  });

  test("a person's secret comes back whole", () => {
    const secret = { key: randomBytes(32), birthDate: '2004-02-29' };
    expect(unsealSecret(kek, PERSON, sealSecret(kek, PERSON, secret))).toEqual(secret);
  });
});

describe('the keyed hash', () => {
  test('is HMAC-SHA-256 under a key derived by HKDF', () => {
    const key = Buffer.from(hkdfSync('sha256', kek, Buffer.alloc(0), 'traject identity lookup v1', 32));
    const lookup = new LookupHash(kek);
    expect(lookup.ofBsn('957136171')).toEqual(createHmac('sha256', key).update('bsn\u0000957136171').digest());
    expect(lookup.ofRelationNumber('3343', 'R 1')).toEqual(
      createHmac('sha256', key).update('relation\u00003343\u0000R 1').digest(),
    );
  });

  test('differs between keys, insurers and kinds of number', () => {
    const lookup = new LookupHash(kek);
    const hashes = [
      lookup.ofBsn('957136171'),
      new LookupHash(createSecretKey(randomBytes(32))).ofBsn('957136171'),
      lookup.ofRelationNumber('3343', '957136171'),
      lookup.ofRelationNumber('7095', '957136171'),
    ];
    expect(new Set(hashes.map((hash) => hash.toString('hex'))).size).toBe(4);
  });
});
