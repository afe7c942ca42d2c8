/** Sign-in of a started product: the configured issuer or, where none is, one for development that this process brings. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startDevelopmentIssuer } from '#libs/development-issuer';
import type { TrajectConfig } from '#libs/platform';
import { ROLES } from '#libs/sign-in';

export interface StartedSignIn {
  /** What the API is to trust, beside what the configuration says. */
  readonly environment: Readonly<Record<string, string>>;
  /** For the start banner. */
  readonly banner: readonly string[];
  stop(): Promise<void>;
}

export async function startSignIn({ signIn, dataDirectory }: TrajectConfig): Promise<StartedSignIn> {
  if (signIn !== null)
    return { environment: {}, banner: [`Sign-in        access tokens of ${signIn.issuer}`], stop: () => Promise.resolve() };
  const issuer = await startDevelopmentIssuer();
  const file = issuerFile(dataDirectory);
  await mkdir(dataDirectory, { recursive: true });
  await writeFile(file, issuer.issuer, { mode: 0o600 });
  return {
    environment: {
      TRAJECT_OIDC_ISSUER: issuer.issuer,
      TRAJECT_OIDC_AUDIENCE: issuer.audience,
      // whatever the environment says of another issuer
      TRAJECT_OIDC_ROLES_CLAIM: 'roles',
      TRAJECT_OIDC_TOKEN_TYPE: 'at+jwt',
    },
    banner: [
      `Sign-in        DEVELOPMENT issuer ${issuer.issuer}: anybody on this machine gets a token of any role. For real data configure TRAJECT_OIDC_ISSUER.`,
      `Token          TOKEN=$(curl -s -H 'accept: text/plain' -d user=reader ${issuer.issuer}/token)   users: ${ROLES.join(', ')}`,
    ],
    stop: async () => {
      await rm(file, { force: true });
      await issuer.stop();
    },
  };
}

/** Address of the development issuer that was started on this data folder; null when none was. It may have been killed since. */
export async function developmentIssuerOf(dataDirectory: string): Promise<string | null> {
  try {
    return await readFile(issuerFile(dataDirectory), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return null;
  }
}

const issuerFile = (dataDirectory: string): string => join(dataDirectory, 'DEVELOPMENT-issuer');
