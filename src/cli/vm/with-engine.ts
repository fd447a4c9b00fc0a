import { HostError } from '../../core/failure.ts';
import { printable } from '../../core/printable.ts';
import type { EngineApi } from '../../engine/client/api.ts';
import { EXIT_INTERRUPTED } from '../../run/exit-code.ts';
import { openEngine } from '../engine/engine-access.ts';
import { listenForInterrupts } from '../terminal/interrupt.ts';
import { printDocument } from '../terminal/page.ts';
import type { VmOptions } from './vm-options.ts';

/** What a command may listen to: the wish to begin nothing further, and the one to leave all as it is. */
export interface Interrupts {
  readonly stop: AbortSignal;
  readonly abort: AbortSignal;
}

/** What is said at the first interrupt of a command that changes VMs. */
export const VMS_FINISH =
  'Interrupted: no further VM is begun, those at hand are brought up again. Once more leaves them as they are.';

/**
 * Opens an engine's API for a command, and tells what is wrong with it.
 *
 * @param finish what is said at the first interrupt, which lets what is begun end; left out where nothing is changed, so
 * that the first one ends it.
 * @returns the exit code: that of the work; 1 or 4 where the engine refused or could not be reached.
 * @throws {InputError}
 */
export async function withEngine(
  command: string,
  options: VmOptions,
  work: (api: EngineApi, interrupts: Interrupts) => Promise<number>,
  finish?: string,
): Promise<number> {
  const heard = listenForInterrupts(line => process.stderr.write(`${line}\n`), finish ?? 'Interrupted');
  const { stop, dispose } = heard;
  const interrupts = { stop, abort: finish === undefined ? stop : heard.abort };
  let api: EngineApi | undefined;
  try {
    api = await openEngine(options, { signal: interrupts.abort });
    return await work(api, interrupts);
  } catch (error) {
    if (interrupts.abort.aborted) {
      return EXIT_INTERRUPTED;
    }
    if (!(error instanceof HostError)) {
      throw error;
    }
    const { outcome, failure } = error;
    const exitCode = outcome === 'failed' ? 1 : 4;
    process.stderr.write(
      printable(`${outcome}: ${api?.url ?? 'the engine'}\n  ${failure.message}\n${hintOf(failure.hint)}`),
    );
    if (options.json) {
      printDocument(command, { exitCode, error: failure });
    }
    return exitCode;
  } finally {
    await api?.close();
    dispose();
  }
}

function hintOf(hint: string | null): string {
  return hint === null ? '' : `  hint: ${hint}\n`;
}
