import { type Failure, HostError } from '../../core/failure.ts';

export type EngineFailureKind =
  /** No answer of an engine: name, TCP, TLS, or a proxy's page because the engine is not up. */
  | 'engine-unreachable'
  /** It shows a certificate that is not trusted, has expired, or is for another name. */
  | 'engine-certificate'
  | 'engine-login'
  /** It has refused what was asked, and has said why. */
  | 'engine-fault'
  | 'engine-timeout'
  /** It has answered with something that its API does not promise. */
  | 'engine-answer';

/** What stands as the step in the failures of this room. */
const STEP = 'engine API';

/** Trouble with an engine's REST API. `unreachable` where nobody was logged in, else `failed`. */
export class EngineApiError extends HostError {
  /** Of HTTP; undefined where there was no answer. */
  readonly status: number | undefined;
  /** Whether the same may well be answered in a moment. */
  readonly passing: boolean;

  constructor(
    kind: EngineFailureKind,
    failure: Pick<Failure, 'message'> & Partial<Failure>,
    status?: number | undefined,
    passing = false,
  ) {
    const outcome = UNREACHABLE.includes(kind) ? 'unreachable' : 'failed';
    super(outcome, { step: STEP, ...failure, kind });
    this.status = status;
    this.passing = passing;
  }
}

const UNREACHABLE: readonly EngineFailureKind[] = [
  'engine-unreachable',
  'engine-certificate',
  'engine-login',
];
