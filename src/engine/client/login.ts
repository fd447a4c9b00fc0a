import { Secret } from '../../core/secret.ts';
import type { EngineAccess } from './access.ts';
import { EngineApiError } from './engine-api-error.ts';
import type { Answer, Exchange } from './exchange.ts';
import { isPage, jsonOf } from './fault.ts';
import { items, optionalText } from './json.ts';

const FORM = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };

/**
 * Logs in with user name and password (engine: OAuthTokenServlet.java).
 *
 * @returns the token for `Authorization: Bearer`.
 * @throws {EngineApiError} `engine-login` where it is refused, with what the engine says about it.
 */
export async function logIn(exchange: Exchange, { user, password }: EngineAccess): Promise<Secret> {
  const form = new URLSearchParams({
    grant_type: 'password',
    scope: 'ovirt-app-api',
    username: user,
    password: password.reveal(),
  });
  const answer = await exchange.send({
    method: 'POST',
    path: '/ovirt-engine/sso/oauth/token',
    headers: FORM,
    body: form.toString(),
  });
  const value = readAnswer(answer);
  const token = optionalText(value, 'access_token');
  if (token === undefined) {
    throw refused(answer.status, value, user);
  }
  return new Secret(token);
}

/** Ends a login, so that it does not stay among the engine's sessions; whether that works is of no concern to anybody. */
export async function logOut(exchange: Exchange, token: Secret): Promise<void> {
  const form = new URLSearchParams({ scope: '', token: token.reveal() });
  try {
    await exchange.send({
      method: 'POST',
      path: '/ovirt-engine/services/sso-logout',
      headers: FORM,
      body: form.toString(),
      farewellSeconds: 5,
    });
  } catch {
    // It ends by itself after the engine's UserSessionTimeOutInterval.
  }
}

function readAnswer(answer: Answer): unknown {
  // Only what the login itself says is about user and password.
  if (isPage(answer) || answer.status >= 500 || (answer.status >= 300 && answer.status < 400)) {
    return jsonOf(answer);
  }
  try {
    const value: unknown = JSON.parse(answer.body);
    return Array.isArray(value) ? items({ value }, 'value')[0] : value;
  } catch {
    return undefined;
  }
}

/** OAuth has the words in `error` and a code in `error_code`; OpenID (Keycloak) has them in `error_description`. */
function refused(status: number, value: unknown, user: string): EngineApiError {
  const said = optionalText(value, 'error_description') ?? optionalText(value, 'error');
  const message = `The engine refuses the login of ${user}${said === undefined ? ` (HTTP ${status})` : `: ${said}`}`;
  const hint =
    'A user has its domain behind it: admin@internal, with Keycloak admin@ovirt@internalsso. Check the password too.';
  return new EngineApiError('engine-login', { message, hint }, status);
}
