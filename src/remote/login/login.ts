import type {
  AnyAuthMethod,
  AuthenticationType,
  Client,
  KeyboardInteractiveAuthMethod,
  NextAuthHandler,
  ParsedKey,
} from 'ssh2';
import type { Target } from '../target.ts';
import type { Identity } from './identities.ts';
import { type Overheard, overhear, type Refusal } from './overheard.ts';
import { answersTo, asksForNewPassword, wordsOf } from './prompts.ts';

/** One thing that was offered to a server, and what came of it. */
export interface Try {
  /** A key of the user's, or the way in which the password went. */
  readonly what: UsableIdentity | 'password' | 'keyboard-interactive';
  /** `accepted`: right, but not enough; `given-up`: it never came to an answer of the server. */
  readonly end: 'pending' | 'refused' | 'accepted' | 'given-up';
  /** Why it was given up; what the server asked in words. */
  readonly remark: string | undefined;
}

export type UsableIdentity = Extract<Identity, { readonly kind: 'key' | 'agent' }>;

/** What was tried to log in, for the error if nothing worked. */
export interface LoginRecord {
  readonly tries: readonly Try[];
  /** The methods that the server would still take; undefined while it has not said. */
  readonly offered: readonly string[] | undefined;
  /** The signature algorithms that the server says it knows; undefined if it does not say. */
  readonly signatures: readonly string[] | undefined;
  /** With which words the server asked for a new password, if it did. */
  readonly passwordChange: string | undefined;
  /** There is nothing left to try. */
  readonly exhausted: boolean;
}

export interface Login extends LoginRecord {
  /** ssh2's `authHandler`; `goOn` may come at any later time. */
  readonly next: (
    offered: AuthenticationType[] | null,
    partial: boolean | null,
    goOn: NextAuthHandler,
  ) => void;
  /** To be called once `client.connect` was. */
  listenTo(client: Client): void;
}

/** What ssh2 takes for the next method; its types leave out that `false` ends the login. */
type GoOn = (method: AnyAuthMethod | false) => void;

type Wanted = Pick<Target, 'user' | 'password' | 'algorithms'>;

/**
 * Offers the identities one by one, then the password, without the `none` probe that costs a round trip. Only where
 * there is no key to begin with, `none` asks what the server takes. The password is sent once, whatever the server
 * calls the method: two refusals could lock the account.
 */
export function loginWith(target: Wanted, identities: readonly Identity[]): Login {
  const keys = identities.filter(identity => identity.kind === 'key' || identity.kind === 'agent');
  const tries: Mutable<Try>[] = [];
  let overheard: Overheard | undefined;
  let offered: readonly string[] | undefined;
  let passwordChange: string | undefined;
  let nextKey = 0;
  let passwordIsSpent = false;
  let asked = false;
  let exhausted = false;

  const pending = () => tries.findLast(({ end }) => end === 'pending');
  const settle = (refusal: Refusal | undefined) => {
    offered = refusal?.methods ?? offered;
    const last = pending();
    if (last === undefined) {
      return;
    }
    last.end = refusal === undefined ? 'given-up' : refusal.partial ? 'accepted' : 'refused';
    if (last.end === 'given-up') {
      last.remark ??= NOT_SENT;
    }
    if (last.end === 'accepted' && typeof last.what === 'string') {
      // What was right may be asked for again; and only now does the server look at keys, if it has a mind to.
      passwordIsSpent = false;
      nextKey = 0;
    }
  };
  const begin = (what: Try['what']) => {
    const one: Mutable<Try> = { what, end: 'pending', remark: undefined };
    const before = tries.findIndex(earlier => earlier.what === what);
    tries.splice(before < 0 ? tries.length : before, 1);
    tries.push(one);
    return one;
  };

  const withKey = (identity: UsableIdentity): AnyAuthMethod => {
    const one = begin(identity);
    const refuse = (hash: string | undefined) =>
      hash === 'sha1' && target.algorithms !== 'legacy' ? new Error(SHA1_REFUSED) : undefined;
    const failed = ({ message }: Error) => {
      one.remark = message;
    };
    return identity.kind === 'agent'
      ? { type: 'agent', username: target.user, agent: identity.agent.watchedBy({ refuse, failed }) }
      : { type: 'publickey', username: target.user, key: watched(identity.key, refuse, failed) };
  };

  const withPassword = (goOn: GoOn): AnyAuthMethod | undefined => {
    const { user: username, password } = target;
    if (password === undefined || passwordIsSpent || offered === undefined) {
      return undefined;
    }
    if (
      offered.includes('keyboard-interactive') &&
      !tries.some(({ what }) => what === 'keyboard-interactive')
    ) {
      const one = begin('keyboard-interactive');
      const prompt: KeyboardInteractiveAuthMethod['prompt'] = (
        _name,
        instructions,
        _language,
        prompts,
        finish,
      ) => {
        const answers = passwordIsSpent ? undefined : answersTo(prompts, password.reveal());
        if (answers === undefined) {
          one.remark = wordsOf(instructions, prompts);
          if (asksForNewPassword(one.remark)) {
            passwordChange = one.remark;
          }
          goOn(choose(undefined, goOn));
          return;
        }
        passwordIsSpent = true;
        one.remark = wordsOf(instructions, prompts);
        finish(answers);
      };
      return { type: 'keyboard-interactive', username, prompt };
    }
    if (offered.includes('password')) {
      begin('password');
      passwordIsSpent = true;
      return { type: 'password', username, password: password.reveal() };
    }
    return undefined;
  };

  const choose = (refusal: Refusal | undefined, goOn: GoOn): AnyAuthMethod | false => {
    settle(refusal);
    const identity = keys[nextKey];
    if (identity !== undefined && offered?.includes('publickey') !== false) {
      nextKey += 1;
      return withKey(identity);
    }
    const method = passwordChange === undefined ? withPassword(goOn) : undefined;
    if (method !== undefined) {
      return method;
    }
    if (offered === undefined && !asked) {
      asked = true;
      return { type: 'none', username: target.user };
    }
    exhausted = true;
    return false;
  };

  return {
    tries,
    get offered() {
      return offered;
    },
    get signatures() {
      return overheard?.signatures;
    },
    get passwordChange() {
      return passwordChange;
    },
    get exhausted() {
      return exhausted;
    },
    next(stillOffered, isPartial, goOn) {
      const told = stillOffered && { methods: stillOffered, partial: isPartial === true };
      const take = goOn as GoOn;
      take(choose(overheard ? overheard.takeRefusal() : (told ?? undefined), take));
    },
    listenTo(client) {
      overheard = overhear(client);
      client.once('change password', message => {
        passwordChange = message;
        exhausted = true;
        client.end();
      });
    },
  };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** ssh2 passes over a key of whose signatures the server says that it knows none. */
const NOT_SENT = 'the server knows no signature of such a key';
const SHA1_REFUSED = 'the server wants a signature of SHA-1, which only ssh_algorithms=legacy allows';

/** The key with an eye on its signatures; everything else is the key's own. */
function watched(
  key: ParsedKey,
  refuse: (hash: string | undefined) => Error | undefined,
  failed: (error: Error) => void,
): ParsedKey {
  const sign: ParsedKey['sign'] = (data, hash) => {
    // ssh2 takes an error for an answer here, other than its types say.
    const signature: Buffer | Error = refuse(hash) ?? key.sign(data, hash);
    if (signature instanceof Error) {
      failed(signature);
    }
    return signature as Buffer;
  };
  return Object.create(key, { sign: { value: sign } });
}
