import { CommanderError } from 'commander';
import { InputError } from '../core/input-error.ts';
import { printable } from '../core/printable.ts';
import { EXIT_INPUT, EXIT_INTERRUPTED } from '../run/exit-code.ts';
import { Interrupted } from './interrupted.ts';
import { buildProgram } from './program.ts';

/** Runs one command line (without the program's own name) and gives its exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', ignoreLostReader);
  }
  let exitCode = 0;
  const program = buildProgram(code => {
    exitCode = code;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? 0 : EXIT_INPUT;
    }
    if (error instanceof InputError) {
      process.stderr.write(`${printable(error.message)}\n`);
      return EXIT_INPUT;
    }
    if (error instanceof Interrupted) {
      return EXIT_INTERRUPTED;
    }
    throw error;
  }
}

/** A reader that went away (`| head`, a closed terminal) ends the output, never the work on the hosts. */
function ignoreLostReader(error: Error): void {
  if (!('code' in error) || !['EPIPE', 'EIO', 'ERR_STREAM_DESTROYED'].includes(String(error.code))) {
    throw error;
  }
}
