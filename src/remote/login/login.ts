import type {
  AnyAuthMethod,
  AuthenticationType,
  Client,
  KeyboardInteractiveAuthMethod,
  NextAuthHandler,
  ParsedKey,
} from 'ssh2';
import type { Secret } from '../../core/secret.ts';
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

/** Where a login stands. */
interface Standing {
  readonly target: Wanted;
  readonly keys: readonly UsableIdentity[];
  readonly tries: Mutable<Try>[];
  offered: readonly string[] | undefined;
  passwordChange: string | undefined;
  nextKey: number;
  passwordIsSpent: boolean;
  /** Whether the server was asked what it takes. */
  asked: boolean;
  exhausted: boolean;
}

/**
 * Offers the identities one by one, then the password, without the `none` probe that costs a round trip. Only where
 * there is no key to begin with, `none` asks what the server takes. The password is sent once, whatever the server
 * calls the method: two refusals could lock the account.
 */
export function loginWith(target: Wanted, identities: readonly Identity[]): Login {
  const now: Standing = {
    target,
    keys: identities.filter(identity => identity.kind === 'key' || identity.kind === 'agent'),
    tries: [],
    offered: undefined,
    passwordChange: undefined,
    nextKey: 0,
    passwordIsSpent: false,
    asked: false,
    exhausted: false,
  };
  let overheard: Overheard | undefined;
  return {
    tries: now.tries,
    get offered() {
      return now.offered;
    },
    get signatures() {
      return overheard?.signatures;
    },
    get passwordChange() {
      return now.passwordChange;
    },
    get exhausted() {
      return now.exhausted;
    },
    next(stillOffered, isPartial, goOn) {
      const told = stillOffered && { methods: stillOffered, partial: isPartial === true };
      const take = goOn as GoOn;
      take(choose(now, overheard ? overheard.takeRefusal() : (told ?? undefined), take));
    },
    listenTo(client) {
      overheard = overhear(client);
      client.once('change password', message => {
        now.passwordChange = message;
        now.exhausted = true;
        client.end();
      });
    },
  };
}

/** What is offered next, after what the server has said of the last. */
function choose(now: Standing, refusal: Refusal | undefined, goOn: GoOn): AnyAuthMethod | false {
  settle(now, refusal);
  const identity = now.keys[now.nextKey];
  if (identity !== undefined && now.offered?.includes('publickey') !== false) {
    now.nextKey += 1;
    return withKey(now, identity);
  }
  const method = now.passwordChange === undefined ? withPassword(now, goOn) : undefined;
  if (method !== undefined) {
    return method;
  }
  if (now.offered === undefined && !now.asked) {
    now.asked = true;
    return { type: 'none', username: now.target.user };
  }
  now.exhausted = true;
  return false;
}

function settle(now: Standing, refusal: Refusal | undefined): void {
  now.offered = refusal?.methods ?? now.offered;
  const last = now.tries.findLast(({ end }) => end === 'pending');
  if (last === undefined) {
    return;
  }
  last.end = refusal === undefined ? 'given-up' : refusal.partial ? 'accepted' : 'refused';
  if (last.end === 'given-up') {
    last.remark ??= NOT_SENT;
  }
  if (last.end === 'accepted' && typeof last.what === 'string') {
    // What was right may be asked for again; and only now does the server look at keys, if it has a mind to.
    now.passwordIsSpent = false;
    now.nextKey = 0;
  }
}

function begin({ tries }: Standing, what: Try['what']): Mutable<Try> {
  const one: Mutable<Try> = { what, end: 'pending', remark: undefined };
  const before = tries.findIndex(earlier => earlier.what === what);
  tries.splice(before < 0 ? tries.length : before, 1);
  tries.push(one);
  return one;
}

function withKey(now: Standing, identity: UsableIdentity): AnyAuthMethod {
  const { user: username, algorithms } = now.target;
  const one = begin(now, identity);
  const refuse = (hash: string | undefined) =>
    hash === 'sha1' && algorithms !== 'legacy' ? new Error(SHA1_REFUSED) : undefined;
  const failed = ({ message }: Error) => {
    one.remark = message;
  };
  return identity.kind === 'agent'
    ? { type: 'agent', username, agent: identity.agent.watchedBy({ refuse, failed }) }
    : { type: 'publickey', username, key: watched(identity.key, refuse, failed) };
}

function withPassword(now: Standing, goOn: GoOn): AnyAuthMethod | undefined {
  const { user: username, password } = now.target;
  if (password === undefined || now.passwordIsSpent || now.offered === undefined) {
    return undefined;
  }
  const wasAsked = now.tries.some(({ what }) => what === 'keyboard-interactive');
  if (now.offered.includes('keyboard-interactive') && !wasAsked) {
    return { type: 'keyboard-interactive', username, prompt: answering(now, password, goOn) };
  }
  if (now.offered.includes('password')) {
    begin(now, 'password');
    now.passwordIsSpent = true;
    return { type: 'password', username, password: password.reveal() };
  }
  return undefined;
}

/** Answers what the server asks with the password; what is not asking for it is told, and something else is tried. */
function answering(now: Standing, password: Secret, goOn: GoOn): KeyboardInteractiveAuthMethod['prompt'] {
  const one = begin(now, 'keyboard-interactive');
  return (_name, instructions, _language, prompts, finish) => {
    const answers = now.passwordIsSpent ? undefined : answersTo(prompts, password.reveal());
    one.remark = wordsOf(instructions, prompts);
    if (answers !== undefined) {
      now.passwordIsSpent = true;
      finish(answers);
      return;
    }
    if (asksForNewPassword(one.remark)) {
      now.passwordChange = one.remark;
    }
    goOn(choose(now, undefined, goOn));
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
