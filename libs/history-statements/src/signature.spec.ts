import { generateKeyPairSync } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompactSign } from 'jose';
import { PrivateFileError } from '#libs/platform';
import { digestOf, signStatement, verifyStatement } from './signature';
import { loadSigningKey, type SigningKey } from './signing-key';
import { STATEMENT_TYPE, type HistoryStatement } from './statement';
import { loadTrustedInsurers, TrustedInsurersError, type TrustedInsurers } from './trusted-insurers';

const NOW_MS = Date.parse('2025-01-15T10:00:00Z');
const statement: HistoryStatement = {
  iss: '7095',
  jti: '0f0c8a52-3c4d-4e57-9a39-6b2f7a1d0c11',
  iat: NOW_MS / 1000 - 60,
  exp: NOW_MS / 1000 + 60,
  subject: { bsn: '111222333', birthDate: '1970-05-05' },
  history: {
    ...{ diagnosis: '9373', codes: ['9373'], startedOn: '2023-03-06', count: 14, throughDate: '2023-12-31' },
    ...{ scope: 'elsewhere', practices: ['04012345'], severalTherapists: false, rests: [] },
  },
};

let folder: string;
let key: SigningKey;
let trusted: TrustedInsurers;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'traject-signature-'));
  key = await loadSigningKey({ file: join(folder, 'key.pem'), create: true });
  trusted = new Map([['7095', [key.publicJwk]]]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const refusalOf = async (signed: string, by: TrustedInsurers = trusted, nowMs = NOW_MS): Promise<string> => {
  const verified = await verifyStatement(signed, by, nowMs);
  return verified.outcome === 'refused' ? verified.refusals.map(({ code }) => code).join() : 'verified';
};
/** The same signature over another content. */
const altered = (signed: string, content: unknown): string => {
  const [header, , signature] = signed.split('.');
  return [header, Buffer.from(JSON.stringify(content)).toString('base64url'), signature].join('.');
};

describe('a signed statement', () => {
  it('of a trusted insurer is taken as it was signed, with white space of a mail around it', async () => {
    const signed = await signStatement(statement, key);
    expect(await verifyStatement(`\n${signed}\r\n`, trusted, NOW_MS)).toEqual({
      ...{ outcome: 'verified', statement, digest: digestOf(signed) },
    });
  });

  it('whose count, person or insurer was altered is refused', async () => {
    const signed = await signStatement(statement, key);
    const more = { ...statement, history: { ...statement.history, count: 20 } };
    expect(await refusalOf(altered(signed, more))).toBe('signature-invalid');
    expect(await refusalOf(altered(signed, { ...statement, subject: { ...statement.subject, bsn: '123456782' } }))).toBe(
      'signature-invalid',
    );
    const both = new Map([...trusted, ['3343', [key.publicJwk]] as const]);
    expect(await refusalOf(altered(signed, { ...statement, iss: '3343' }), both)).toBe('signature-invalid');
  });

  it('of an insurer without a key here, or by another key of a trusted one, is refused', async () => {
    const signed = await signStatement(statement, key);
    expect(await refusalOf(signed, new Map())).toBe('insurer-not-trusted');
    const other = await loadSigningKey({ file: join(folder, 'other.pem'), create: true });
    expect(await refusalOf(await signStatement(statement, other))).toBe('key-unknown');
  });

  it('of one trusted insurer in the name of another is refused', async () => {
    const other = await loadSigningKey({ file: join(folder, 'other.pem'), create: true });
    const both = new Map([
      ['7095', [other.publicJwk]],
      ['3313', [key.publicJwk]],
    ]);
    expect(await refusalOf(await signStatement(statement, key), both)).toBe('key-unknown');
  });

  it('by another that borrows the name of a trusted key is refused', async () => {
    const other = await loadSigningKey({ file: join(folder, 'other.pem'), create: true });
    expect(await refusalOf(await signStatement(statement, { ...other, keyId: key.keyId }))).toBe('signature-invalid');
  });

  it('that has expired is refused, from that very second', async () => {
    const signed = await signStatement(statement, key);
    expect(await refusalOf(signed, trusted, statement.exp * 1000 - 1)).toBe('verified');
    expect(await refusalOf(signed, trusted, statement.exp * 1000)).toBe('statement-expired');
  });

  it('that says it is not signed at all is no statement', async () => {
    const [, payload] = (await signStatement(statement, key)).split('.');
    const header = Buffer.from(JSON.stringify({ alg: 'none', kid: key.keyId, typ: STATEMENT_TYPE })).toString('base64url');
    expect(await refusalOf(`${header}.${payload}.AA`)).toBe('signature-invalid');
    expect(await refusalOf(`${header}.${payload}.`)).toBe('statement-unreadable');
  });

  it.each(['', 'x', 'a.b.c', '{}', 'é.é.é', 'A'.repeat(200_000)])('that is something else is refused (%#)', async (text) => {
    expect(await refusalOf(text)).toBe('statement-unreadable');
  });

  it('of another kind, signed by the same key, is no statement', async () => {
    const sign = (typ: string, content: unknown) =>
      new CompactSign(Buffer.from(JSON.stringify(content)))
        .setProtectedHeader({ alg: 'EdDSA', kid: key.keyId, typ })
        .sign(key.privateKey);
    expect(await refusalOf(await sign('JWT', statement))).toBe('statement-unreadable');
    expect(await refusalOf(await sign(STATEMENT_TYPE, { iss: '7095' }))).toBe('statement-unreadable');
  });

  it('is refused in words that repeat nothing of the person', async () => {
    const signed = await signStatement({ ...statement, exp: 1 }, key);
    expect(JSON.stringify(await verifyStatement(signed, trusted, NOW_MS))).not.toContain('111222333');
  });
});

describe('the signing key', () => {
  it('is made once, for its owner alone, and is the same from then on', async () => {
    const file = join(folder, 'fresh', 'key.pem');
    const made = await Promise.all([1, 2, 3].map(() => loadSigningKey({ file, create: true })));
    expect(new Set(made.map(({ keyId }) => keyId)).size).toBe(1);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('shows its public half only', async () => {
    expect(Object.keys(key.publicJwk).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x']);
    expect(await readFile(join(folder, 'key.pem'), 'utf8')).toContain('PRIVATE KEY');
  });

  it('is never made where one is configured; one that others can read, or of another kind, is refused', async () => {
    const file = join(folder, 'configured.pem');
    await expect(loadSigningKey({ file, create: false })).rejects.toThrow(/There is no signing key in .*configured\.pem/);
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    await writeFile(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    await expect(loadSigningKey({ file, create: false })).rejects.toThrow(/another kind/);
    await writeFile(file, 'not a key');
    await expect(loadSigningKey({ file, create: false })).rejects.toThrow(PrivateFileError);
    await chmod(file, 0o644);
    await expect(loadSigningKey({ file, create: false })).rejects.toThrow(/can be read by others .*chmod 600/);
  });
});

describe('the keys of trusted insurers', () => {
  const read = async (content: string): Promise<TrustedInsurers> => {
    const file = join(folder, 'trusted.json');
    await writeFile(file, content);
    return loadTrustedInsurers(file);
  };

  it('are read as each insurer publishes them; without a file nobody is trusted', async () => {
    expect(await read(JSON.stringify({ '7095': { keys: [key.publicJwk] } }))).toEqual(trusted);
    expect(await loadTrustedInsurers(null)).toEqual(new Map());
  });

  it.each(['not json', '{"70957":{"keys":[]}}', '{"7095":{"keys":[{"kty":"RSA"}]}}', '[]'])(
    'are refused as %s',
    async (content) => {
      await expect(read(content)).rejects.toThrow(TrustedInsurersError);
      await expect(read(content)).rejects.toThrow(/trusted\.json/);
    },
  );
});
