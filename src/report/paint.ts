import picocolors from 'picocolors';
import type { Outcome } from '../core/outcome.ts';

/** Colours by meaning; without colour every function gives its text back. */
export interface Paint {
  outcome(outcome: Outcome, text: string): string;
  sign(sign: string): string;
  error(text: string): string;
  warning(text: string): string;
  bold(text: string): string;
  dim(text: string): string;
}

/** Makes the colours for a stream: none in a pipe, with NO_COLOR, or on a dumb terminal; FORCE_COLOR overrides. */
export function makePaint(stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv): Paint {
  const forced = (env.FORCE_COLOR ?? '') !== '' && env.FORCE_COLOR !== '0';
  const colour = forced || (stream.isTTY === true && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb');
  const c = picocolors.createColors(colour);
  const outcomes: Record<Outcome, (text: string) => string> = {
    ok: c.green,
    changed: c.yellow,
    drifted: c.yellow,
    skipped: c.cyan,
    cancelled: c.magenta,
    unreachable: c.red,
    failed: c.red,
  };
  const signs: Readonly<Record<string, (text: string) => string>> = { '+': c.green, '-': c.red };
  return {
    outcome: (outcome, text) => outcomes[outcome](text),
    sign: sign => (signs[sign] ?? c.yellow)(sign),
    error: c.red,
    warning: c.yellow,
    bold: c.bold,
    dim: c.dim,
  };
}
