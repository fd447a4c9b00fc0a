/** Transcripts for pages of the documentation: what was typed and what came, from real programs on a real host. */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Control } from './fleet.ts';
import type { LabHost } from './host.ts';

/** What writes a transcript down, line by line. Where something does not come as told, it throws. */
export interface Transcript {
  /** Runs a command on the host as root, or as the user who is named. */
  inside(command: string, says: RegExp, user?: string): Promise<void>;
  /** Runs the program on the control machine; its stderr (progress) is not shown. */
  program(args: string, exitCode: number, says: RegExp): Promise<void>;
  /** Writes a file on the control machine, and shows it. */
  file(name: string, text: string): Promise<void>;
  /** The same, and shows its last line alone. */
  lastLine(name: string, text: string): Promise<void>;
  text(): string;
}

export function transcriptOf(host: LabHost, control: Control): Transcript {
  const lines: string[] = [];
  const note = (prompt: string, command: string, output: string) => {
    const text = output.replaceAll(/^\n+|\n+$/g, '');
    lines.push(`${prompt} ${command}`, ...(text === '' ? [] : text.split('\n')), '');
  };
  return {
    async inside(command, says, user) {
      const argv = user === undefined ? command : ['su', user, '-c', command];
      const { stdout, stderr } = await host.exec(argv, { reject: false });
      const prompt = user === undefined ? `${host.name}#` : `${user}@${host.name}$`;
      note(prompt, command, expected(command, stdout + stderr, says));
    },
    async program(args, exitCode, says) {
      const ran = await control.run(...args.split(' '));
      if (ran.exitCode !== exitCode) {
        throw new Error(`hookfleet ${args} ended with ${ran.exitCode}:\n${ran.stdout}${ran.stderr}`);
      }
      const output = expected(args, ran.stdout, says).trimEnd();
      note('$', `hookfleet ${args} 2>/dev/null; echo "exit $?"`, `${output}\nexit ${exitCode}`);
    },
    async file(name, text) {
      await control.write(name, text);
      note('$', `cat ${name}`, text);
    },
    async lastLine(name, text) {
      await control.write(name, text);
      note('$', `tail -n 1 ${name}`, text.trimEnd().split('\n').at(-1) ?? '');
    },
    text: () => lines.join('\n').trimEnd(),
  };
}

function expected(command: string, output: string, says: RegExp): string {
  if (!says.test(output)) {
    throw new Error(`${command} does not say ${says}:\n${output}`);
  }
  return output;
}

/**
 * Puts a transcript into its place on a page of the documentation.
 *
 * @param page its name, without `.md`.
 * @param script the npm script that writes it, which the mark on the page names.
 */
export async function writePage(page: string, script: string, transcript: string): Promise<void> {
  const file = fileURLToPath(new URL(`../../docs/${page}.md`, import.meta.url));
  const begin = `<!-- transcript: written by npm run ${script} -->`;
  const end = '<!-- end of transcript -->';
  const text = await readFile(file, 'utf8');
  const [before, rest = ''] = text.split(begin);
  const after = rest.split(end)[1];
  if (before === undefined || after === undefined) {
    throw new Error(`${file} has no place for the transcript: ${begin} ... ${end}`);
  }
  await writeFile(file, `${before}${begin}\n\n\`\`\`console\n${transcript}\n\`\`\`\n\n${end}${after}`);
}
