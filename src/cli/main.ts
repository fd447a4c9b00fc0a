import { CommanderError } from 'commander';
import { InputError } from '../core/input-error.ts';
import { printable } from '../core/printable.ts';
import { EXIT_INPUT, EXIT_INTERRUPTED } from '../run/exit-code.ts';
import { buildProgram } from './program.ts';
import { Interrupted } from './terminal/interrupted.ts';
import { outliveOutput } from './terminal/output-trouble.ts';
import { dropEmptyHome, surroundingsTrouble } from './terminal/surroundings.ts';

/** Runs one command line (without the program's own name) and gives its exit code: never 0 where its output is not whole. */
export async function main(argv: readonly string[]): Promise<number> {
  dropEmptyHome(process.env);
  const outputTrouble = outliveOutput();
  const exitCode = await runCommand(argv);
  const trouble = await outputTrouble();
  if (trouble === undefined) {
    return exitCode;
  }
  process.stderr.write(`The output could not be written: ${printable(trouble.message)}\n`);
  return exitCode || 1;
}

async function runCommand(argv: readonly string[]): Promise<number> {
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
    const trouble = surroundingsTrouble(error);
    if (trouble !== undefined) {
      process.stderr.write(`${trouble}\n`);
      return EXIT_INPUT;
    }
    throw error;
  }
}
