import { Option, type Command } from 'commander';
import { loadConfig } from '#libs/platform';
import { ROLES, type Role } from '#libs/sign-in';
import { UsageError } from '../errors';
import { Terminal } from '../output/terminal';
import { developmentIssuerOf } from '../start/sign-in';

export function addToken(program: Command): void {
  program
    .command('token')
    .description('print an access token of the DEVELOPMENT issuer that a running "traject start" has brought')
    .addOption(new Option('--role <role>', 'the role that the token gives').choices(ROLES).makeOptionMandatory())
    .option('--json', 'print the result as JSON')
    .action(async ({ role, json }: { role: Role; json?: boolean }) => {
      const { signIn, dataDirectory } = loadConfig(process.env);
      if (signIn !== null)
        throw new UsageError('TRAJECT_OIDC_ISSUER names an issuer: its tokens are to be had there, and of no other');
      const token = await tokenOf(role, await developmentIssuerOf(dataDirectory));
      const terminal = new Terminal(json === true);
      terminal.value({ token });
      terminal.line(token);
    });
}

async function tokenOf(role: Role, issuer: string | null): Promise<string> {
  const response = issuer === null ? null : await ask(issuer, role);
  if (response?.ok !== true)
    throw new UsageError(
      'no DEVELOPMENT issuer runs on this data folder: give "traject start" first, with the same TRAJECT_DATA_DIR',
    );
  return (await response.text()).trim();
}

/** Null when nothing answers: what started it was killed. */
const ask = (issuer: string, role: Role): Promise<Response | null> =>
  fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { accept: 'text/plain' },
    body: new URLSearchParams({ user: role }),
  }).catch(() => null);
