/** What the development issuer answers over HTTP: its metadata, its keys, and a token to whoever asks. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { JWK } from 'jose';
import type { Role } from '#libs/sign-in';

export interface Answering {
  readonly issuer: string;
  readonly lifetimeSeconds: number;
  readonly users: readonly Role[];
  readonly keys: () => readonly JWK[];
  readonly tokenOf: (user: Role) => Promise<string>;
}

const MAX_BODY_BYTES = 4_096;
const WARNING = 'DEVELOPMENT issuer of Traject: it gives a token to anybody who asks. Never for real data.';

export function answerer(answering: Answering): RequestListener {
  const { issuer, keys } = answering;
  const { pathname, host } = new URL(issuer);
  const metadata = {
    issuer,
    traject_warning: WARNING,
    jwks_uri: `${issuer}/keys`,
    token_endpoint: `${issuer}/token`,
    authorization_endpoint: `${issuer}/none`,
    response_types_supported: ['none'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'],
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    // a page of another site that has its name point at this machine must get no token
    if (request.headers.host !== host && request.headers.host !== host.replace('127.0.0.1', 'localhost'))
      return send(response, 421, { error: 'misdirected', error_description: `Ask for it as ${host}.` });
    const asked = `${request.method} ${request.url?.split('?')[0]}`;
    if (asked === `GET ${pathname}/.well-known/openid-configuration`) return send(response, 200, metadata);
    if (asked === `GET ${pathname}/keys`) return send(response, 200, { keys: keys() });
    if (asked === `POST ${pathname}/token`) return giveToken(request, response, answering);
    send(response, 404, { error: 'not_found', error_description: WARNING });
  };
  return (request, response) =>
    void answer(request, response).catch(() => send(response, 500, { error: 'server_error', error_description: WARNING }));
}

/** `user=<role>`; JSON as OAuth has it, or the token alone to whoever accepts plain text. */
async function giveToken(request: IncomingMessage, response: ServerResponse, answering: Answering): Promise<void> {
  const { users, tokenOf, lifetimeSeconds } = answering;
  const wanted = new URLSearchParams(await bodyOf(request)).get('user');
  const user = users.find((each) => each === wanted);
  if (user === undefined)
    return send(response, 400, {
      error: 'invalid_request',
      error_description: `Send the form field user, one of ${users.join(', ')}.`,
    });
  const token = await tokenOf(user);
  if (request.headers.accept === 'text/plain') {
    response.writeHead(200, { 'content-type': 'text/plain', 'cache-control': 'no-store' }).end(`${token}\n`);
    return;
  }
  send(response, 200, { access_token: token, token_type: 'Bearer', expires_in: lifetimeSeconds, traject_warning: WARNING });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8') as AsyncIterable<string>) {
    body += chunk;
    if (body.length > MAX_BODY_BYTES) return '';
  }
  return body;
}

const send = (response: ServerResponse, status: number, body: object): void =>
  void response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify(body));
