import { randomBytes } from 'node:crypto';
import type { Reply } from './route.ts';

/** Who is logged in. */
export interface StandInLogins {
  /** How often somebody has logged in, and how often out again. */
  readonly counts: { in: number; out: number };
  /** All tokens are worth nothing any more. */
  expire(): void;
  knows(authorization: string | undefined): boolean;
  /** The answer to a login or a logout; undefined for any other path. */
  answer(path: string, body: string): Reply | undefined;
}

/** Login by password, as OAuthTokenServlet.java answers it. */
export function openLogins(user: string, password: string): StandInLogins {
  const tokens = new Set<string>();
  const counts = { in: 0, out: 0 };
  return {
    counts,
    expire: () => tokens.clear(),
    knows: authorization => tokens.has(/^Bearer (.+)$/.exec(authorization ?? '')?.[1] ?? ''),
    answer(path, body) {
      const form = new URLSearchParams(body);
      if (path === '/ovirt-engine/services/sso-logout') {
        counts.out += tokens.delete(form.get('token') ?? '') ? 1 : 0;
        return { json: {} };
      }
      if (path !== '/ovirt-engine/sso/oauth/token') {
        return undefined;
      }
      const right =
        form.get('grant_type') === 'password' &&
        form.get('scope') === 'ovirt-app-api' &&
        form.get('username') === user &&
        form.get('password') === password;
      if (!right) {
        const error = `Cannot authenticate user '${form.get('username')}': The username or password is incorrect..`;
        return { status: 400, json: { error, error_code: 'access_denied' } };
      }
      const token = randomBytes(32).toString('base64url');
      tokens.add(token);
      counts.in += 1;
      return {
        json: {
          access_token: token,
          scope: 'ovirt-app-api',
          exp: '9223372036854775807',
          token_type: 'bearer',
        },
      };
    },
  };
}
