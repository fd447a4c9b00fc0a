import type { Failure, HostError } from '../../core/failure.ts';
import type { VmResult } from './vm-result.ts';

/**
 * How far a restart has come: `asking` the engine to shut the VM down, `asked` once it has taken that, `down`, `starting`
 * once it has taken that, and up again as it was.
 */
export type Stage = 'as it was' | 'asking' | 'asked' | 'down' | 'starting';

type Trouble = Pick<VmResult, 'outcome' | 'error'>;

/**
 * How a VM ended that was left as it is at the second interrupt.
 *
 * @param start the command that starts it.
 */
export function interruptedAt(stage: Stage, start: string): Trouble {
  const hint = stage === 'as it was' || stage === 'starting' ? null : `Start it: ${start}`;
  return {
    outcome: 'cancelled',
    error: {
      step: 'vm',
      command: null,
      exitCode: null,
      stderr: null,
      kind: 'interrupted',
      message: INTERRUPTED[stage],
      hint,
    },
  };
}

const GOES_DOWN = 'Interrupted after it was asked to shut down: it goes down, and nobody starts it';
const INTERRUPTED: Readonly<Record<Stage, string>> = {
  'as it was': 'Interrupted',
  asking: GOES_DOWN,
  asked: GOES_DOWN,
  down: 'Interrupted while it is down, and nobody starts it',
  starting: 'Interrupted while it starts',
};

/**
 * How a VM ended that was in trouble; where it may be down, with the command that starts it.
 *
 * @param start that command.
 */
export function troubleAt(stage: Stage, { outcome, failure }: HostError, start: string): Trouble {
  return {
    outcome,
    error: mayBeDown(stage, failure)
      ? { ...failure, hint: [failure.hint, `It may be down. Start it: ${start}`].filter(Boolean).join(' ') }
      : failure,
  };
}

function mayBeDown(stage: Stage, { kind }: Failure): boolean {
  switch (stage) {
    case 'as it was':
      return false;
    case 'asking':
      return kind !== 'engine-fault';
    case 'asked':
      return kind !== 'vm-still-up';
    default:
      return true;
  }
}
