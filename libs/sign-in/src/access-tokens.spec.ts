import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, exportSPKI, generateKeyPair, importJWK, SignJWT, UnsecuredJWT, type CryptoKey, type JWK } from 'jose';
import { startDevelopmentIssuer, type DevelopmentIssuer } from '#libs/development-issuer';
import { AccessTokens } from './access-tokens';
import { IssuerUnavailableError, TokenRefusedError } from './errors';
import { ROLES, rolesIn } from './roles';

const SUBJECT = 'somebody';
const now = (): number => Math.floor(Date.now() / 1_000);

describe('an access token', () => {
  let issuer: DevelopmentIssuer;
  let tokens: AccessTokens;
  beforeAll(async () => {
    issuer = await startDevelopmentIssuer();
    tokens = tokensOf(issuer.issuer);
  });
  afterAll(() => issuer.stop());

  const tokensOf = (of: string, keysAgainAfterMs = 10_000): AccessTokens =>
    new AccessTokens({ issuer: of, audience: issuer.audience, rolesClaim: 'roles', tokenType: 'at+jwt' }, keysAgainAfterMs);

  const faultOf = async (token: string, by = tokens): Promise<string> => {
    const error: unknown = await by.verify(token).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof TokenRefusedError)) throw new Error(`not refused: ${String(error)}`);
    // what a caller is told stands in a quoted string of a header, and repeats nothing of the token
    expect(error.advice).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/);
    expect(`${error.message}${error.advice}`).not.toContain(SUBJECT);
    expect(error.cause).toBeUndefined();
    return error.fault;
  };
  const sign = (claims: object = {}, header: object = {}): Promise<string> =>
    issuer.sign({ subject: SUBJECT, roles: ['reader'], claims: { ...claims }, header: { ...header } });

  test('that the issuer made for this API says who it is and with which roles', async () => {
    expect(await tokens.verify(await issuer.tokenOf('approver'))).toEqual({
      subject: 'DEVELOPMENT-approver',
      roles: ['approver'],
    });
    expect(await tokens.verify(await sign({ aud: ['another', issuer.audience] }))).toEqual({
      subject: SUBJECT,
      roles: ['reader'],
    });
  });

  test.each<[string, string, () => object]>([
    ['expired an hour ago', 'expired', () => ({ exp: now() - 3_600 })],
    ['expired more than the leeway ago', 'expired', () => ({ exp: now() - 40 })],
    ['valid from tomorrow on', 'not-yet-valid', () => ({ nbf: now() + 86_400 })],
    ['of another issuer', 'issuer', () => ({ iss: 'https://issuer.invalid' })],
    ['of the same issuer with a slash more', 'issuer', () => ({ iss: `${issuer.issuer}/` })],
    ['for another audience', 'audience', () => ({ aud: 'another-api' })],
    ['for no audience', 'audience', () => ({ aud: undefined })],
    ['of nobody', 'claims', () => ({ sub: undefined })],
    ['of a subject that is no text', 'claims', () => ({ sub: '' })],
    ['that never ends', 'claims', () => ({ exp: undefined })],
    ['whose time is no number', 'claims', () => ({ exp: 'tomorrow' })],
  ])('%s is refused: %s', async (_name, fault, claims) => {
    expect(await faultOf(await sign(claims()))).toBe(fault);
  });

  test('a clock that is behind by less than the leeway does not shut anybody out', async () => {
    expect((await tokens.verify(await sign({ exp: now() - 10 }))).subject).toBe(SUBJECT);
    expect((await tokens.verify(await sign({ nbf: now() + 10 }))).subject).toBe(SUBJECT);
  });

  test('an ID token is none, unless the configuration takes its type', async () => {
    expect(await faultOf(await sign({}, { typ: 'JWT' }))).toBe('type');
    expect(await faultOf(await sign({}, { typ: undefined }))).toBe('type');
    const lenient = new AccessTokens({ issuer: issuer.issuer, audience: issuer.audience, rolesClaim: 'roles', tokenType: 'JWT' });
    expect((await lenient.verify(await sign({}, { typ: 'JWT' }))).subject).toBe(SUBJECT);
  });

  test('that is unsigned, or signed with a shared secret, is refused, whatever secret', async () => {
    const claims = { roles: ['reader'] };
    const unsigned = new UnsecuredJWT(claims).setIssuer(issuer.issuer).setAudience(issuer.audience).setSubject(SUBJECT);
    expect(await faultOf(unsigned.setIssuedAt().setExpirationTime('1h').encode())).toBe('algorithm');
    // the classic confusion: the issuer's public key taken for a secret
    const { keys } = (await (await fetch(`${issuer.issuer}/keys`)).json()) as { keys: [JWK] };
    const publicKey = (await importJWK(keys[0], 'ES256', { extractable: true })) as CryptoKey;
    const secret = new TextEncoder().encode(await exportSPKI(publicKey));
    const shared = new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' }).setIssuer(issuer.issuer);
    shared.setAudience(issuer.audience).setSubject(SUBJECT).setIssuedAt().setExpirationTime('1h');
    expect(await faultOf(await shared.sign(secret))).toBe('algorithm');
  });

  test('that was signed by somebody else is refused, with and without the name of a key of the issuer', async () => {
    const other = await startDevelopmentIssuer();
    const claims = { iss: issuer.issuer };
    const wish = { subject: SUBJECT, roles: ['reader'], claims };
    const [head = ''] = (await sign()).split('.');
    const { kid } = JSON.parse(Buffer.from(head, 'base64url').toString()) as { kid: string };
    expect(await faultOf(await other.sign(wish))).toBe('signature');
    expect(await faultOf(await other.sign({ ...wish, header: { kid } }))).toBe('signature');
    await other.stop();
  });

  test('that was changed after it was signed is refused', async () => {
    const [head, body = '', signature] = (await sign()).split('.');
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as object;
    const changed = Buffer.from(JSON.stringify({ ...claims, roles: ROLES })).toString('base64url');
    expect(await faultOf([head, changed, signature].join('.'))).toBe('signature');
  });

  test.each(['', 'x', 'a.b', 'a.b.c', '..', 'a.b.c.d.e', `${'a'.repeat(9_000)}.b.c`, 'eyJhbGciOiJub25lIn0.e30.', 'é.b.c'])(
    'what is no signed JSON Web Token (%.20s) is refused',
    async (text) => {
      expect(['malformed', 'algorithm']).toContain(await faultOf(text));
    },
  );

  test('after the issuer has changed its keys, tokens by the new one are good and by the old one refused', async () => {
    const rotating = await startDevelopmentIssuer();
    const both = tokensOf(rotating.issuer, 0);
    const wish = { subject: SUBJECT, roles: ['reader'] };
    const old = await rotating.sign(wish);
    await both.verify(old);
    await rotating.rotateKeys();
    await both.verify(await rotating.sign(wish));
    expect(await faultOf(old, both)).toBe('signature');
    await rotating.stop();
  });

  test('of an issuer that has several keys is good by any of them, also when it names none', async () => {
    const pairs = await Promise.all([1, 2, 3].map(() => generateKeyPair('ES256')));
    const published = await Promise.all(
      pairs.map(async ({ publicKey }, i) => ({ ...(await exportJWK(publicKey)), kid: `k${i}` })),
    );
    const { address, stop } = await serveIssuer((self) => ({ issuer: self, jwks_uri: `${self}/keys` }), { keys: published });
    const several = tokensOf(address);
    const signedBy = (key: CryptoKey): Promise<string> =>
      new SignJWT({ iss: address, aud: issuer.audience, sub: SUBJECT, iat: now(), exp: now() + 60 })
        .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt' })
        .sign(key);
    for (const { privateKey } of pairs) expect((await several.verify(await signedBy(privateKey))).subject).toBe(SUBJECT);
    expect(await faultOf(await signedBy((await generateKeyPair('ES256')).privateKey), several)).toBe('signature');
    await stop();
  });
});

describe('an issuer that does not answer as it should lets nobody in', () => {
  let issuer: DevelopmentIssuer;
  beforeAll(async () => {
    issuer = await startDevelopmentIssuer();
  });
  afterAll(() => issuer.stop());

  const verify = async (of: string): Promise<unknown> => {
    const tokens = new AccessTokens({ issuer: of, audience: issuer.audience, rolesClaim: 'roles', tokenType: 'at+jwt' });
    const token = await issuer.sign({ subject: SUBJECT, roles: ['reader'], claims: { iss: of } });
    return tokens.verify(token).catch((error: unknown) => error);
  };

  test('when nothing listens there', async () => {
    expect(await verify('http://127.0.0.1:1/nobody')).toBeInstanceOf(IssuerUnavailableError);
  });

  test.each<[string, (self: string) => object]>([
    ['when its metadata names another issuer', (self) => ({ issuer: `${self}x`, jwks_uri: `${self}/keys` })],
    ['when its metadata names no keys', (self) => ({ issuer: self })],
    ['when its keys are nowhere', (self) => ({ issuer: self, jwks_uri: `${self}/nowhere` })],
    ['when what it calls keys are none', (self) => ({ issuer: self, jwks_uri: `${self}/.well-known/openid-configuration` })],
  ])('%s', async (_name, metadata) => {
    const { address, stop } = await serveIssuer(metadata, { keys: [] });
    expect(await verify(address)).toBeInstanceOf(IssuerUnavailableError);
    await stop();
  });

  test('when it is back everybody is let in again, and goes on to be for as long as its keys are fresh', async () => {
    let isUp = false;
    const keysOf = (await (await fetch(`${issuer.issuer}/keys`)).json()) as object;
    const { address, stop } = await serveIssuer((self) => (isUp ? { issuer: self, jwks_uri: `${self}/keys` } : {}), keysOf);
    const tokens = new AccessTokens({ issuer: address, audience: issuer.audience, rolesClaim: 'roles', tokenType: 'at+jwt' });
    const token = await issuer.sign({ subject: SUBJECT, roles: ['reader'], claims: { iss: address } });
    await expect(tokens.verify(token)).rejects.toThrow(IssuerUnavailableError);
    isUp = true;
    expect((await tokens.verify(token)).subject).toBe(SUBJECT);
    await stop();
    // its keys are known for a while
    expect((await tokens.verify(token)).subject).toBe(SUBJECT);
    // and a token that names another key does not take them away from the others
    const stranger = await issuer.sign({ subject: SUBJECT, roles: [], claims: { iss: address }, header: { kid: 'unknown' } });
    await expect(tokens.verify(stranger)).rejects.toThrow();
    expect((await tokens.verify(token)).subject).toBe(SUBJECT);
  });
});

describe('the roles in a token', () => {
  test.each<[string, string, object, readonly string[]]>([
    ['a list', 'roles', { roles: ['reader', 'corrector'] }, ['reader', 'corrector']],
    ['a text', 'scope', { scope: 'openid auditor reader' }, ['reader', 'auditor']],
    ['a claim with an address for a name', 'https://example.org/roles', { 'https://example.org/roles': ['policy'] }, ['policy']],
    ['a list that lies deeper', '/realm_access/roles', { realm_access: { roles: ['operator', 'offline'] } }, ['operator']],
    ['a path with a slash in a name', '/resource~1access/roles', { 'resource/access': { roles: ['ingest'] } }, ['ingest']],
    ['nothing there', 'roles', {}, []],
    ['something else there', 'roles', { roles: { reader: true } }, []],
    ['what every object has', '/constructor/name', {}, []],
    ['names that are alike', 'roles', { roles: ['Reader', ' reader', 'readers', 4, null] }, []],
  ])('%s', (_name, claim, claims, roles) => {
    expect(rolesIn({ ...claims }, claim)).toEqual(roles);
  });
});

/** An issuer of two documents on a free port. */
async function serveIssuer(
  metadata: (self: string) => object,
  keys: object,
): Promise<{ readonly address: string; readonly stop: () => Promise<void> }> {
  const server: Server = createServer((request, response) => {
    const self = `http://${request.headers.host ?? ''}`;
    const documents: Readonly<Record<string, object>> = { '/.well-known/openid-configuration': metadata(self), '/keys': keys };
    const document = documents[request.url ?? ''];
    response
      .writeHead(document === undefined ? 404 : 200, { 'content-type': 'application/json' })
      .end(JSON.stringify(document ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
