import { access, constants, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import pLimit from 'p-limit';
import { InputError, type Problem } from '../../core/input-error.ts';
import { thisUser } from '../this-user.ts';
import { type ConfigRoot, readConfigFiles } from './ssh-config-files.ts';
import { identityFilesOf, ownReading, questionOf, warningsOf } from './ssh-config-look.ts';
import { type Answer, type Asked, askSsh } from './ssh-g.ts';
import { answerOf } from './ssh-g-failure.ts';
import { type Called, HEEDED, readAnswer, type SshSettings } from './ssh-settings.ts';

/** The user's ssh_config, as ssh itself reads it. */
export interface SshConfig {
  /**
   * What it says of a host. ssh is asked only where the files have something for it that matters here; hosts for which
   * the same lines count are one question.
   *
   * @param called.jumps whether the way to the host is given already, so that the files' own does not count.
   * @throws {HostError} of kind `ssh-config` where ssh refuses its files, or does not answer; `jump-host` for a host
   * that is its own jump host.
   */
  settingsFor(called: Called & { readonly jumps: boolean }): Promise<SshSettings>;
  /** What of it is not heeded for these hosts. */
  warnings(addresses: readonly string[]): readonly Problem[];
  /** The identity files that it may name for these hosts, absolute; those whose names depend on the host aside. */
  identityFiles(addresses: readonly string[]): readonly string[];
}

export interface SshConfigOptions {
  /** The only file to read, or `none` (ssh: -F); by default the user's own and the system's. */
  readonly file?: string;
  /** How long ssh may take for an answer, in milliseconds; 10 s by default. */
  readonly limitMs?: number;
  /** The system's file. */
  readonly systemFile?: string;
}

// readconf.h
const SYSTEM_FILE = '/etc/ssh/ssh_config';
const LIMIT_MS = 10_000;
const QUESTIONS_AT_ONCE = 4;

/**
 * Looks at the files of ssh's once for a run.
 *
 * @throws {InputError} for a named file that is missing or cannot be read.
 */
export async function readSshConfig(options: SshConfigOptions = {}): Promise<SshConfig> {
  const { file, limitMs = LIMIT_MS, systemFile = SYSTEM_FILE } = options;
  const folder = join(homedir(), '.ssh');
  const roots: ConfigRoot[] =
    file === undefined
      ? [
          { file: join(folder, 'config'), includeFolder: folder },
          { file: systemFile, includeFolder: dirname(systemFile) },
        ]
      : file === 'none'
        ? []
        : [{ file: resolve(file), includeFolder: folder }];
  if (file !== undefined && file !== 'none') {
    await assertReadable(file);
  }
  const settings = await readConfigFiles(roots, HEEDED, homedir());
  const hasSsh = settings.length === 0 || (await isInPath('ssh'));
  const limit = pLimit(QUESTIONS_AT_ONCE);
  const from = sourceFor(file, roots);
  const answers = new Map<string, Promise<Answer>>();
  const ask = (args: readonly string[], config?: string) => limit(() => askSsh(args, limitMs, config));

  let defaults: Promise<Asked> | undefined;
  const answerFor = async (called: Called & { readonly jumps: boolean }): Promise<Answer> => {
    if (!hasSsh) {
      return ownReading(settings, called.address);
    }
    defaults ??= ask(['-F', 'none', '--', 'localhost']);
    const { address, port, user, jumps } = called;
    const asked = ask(
      [
        ...from.args,
        ...(port === undefined ? [] : ['-p', String(port)]),
        ...(user === undefined ? [] : ['-l', user]),
        // Else ssh refuses a host that is its own jump host in the files.
        ...(jumps ? ['-o', 'ProxyJump=none'] : []),
        ...['--', address],
      ],
      from.config,
    );
    return withoutDefaults(answerOf(await asked, limitMs), answerOf(await defaults, limitMs), address);
  };

  return {
    async settingsFor(called) {
      const question = questionOf(settings, called);
      if (question === undefined) {
        return {};
      }
      const answer = answers.get(question) ?? answerFor(called);
      answers.set(question, answer);
      return readAnswer(await answer, called);
    },
    warnings: addresses => warningsOf(settings, addresses, hasSsh),
    identityFiles: addresses => identityFilesOf(settings, addresses),
  };
}

/**
 * How ssh is told to read the same files. By itself it takes the home folder of the password database, whatever `HOME`
 * says; known_hosts and keys are looked for where `HOME` says, so its own file is too.
 */
function sourceFor(
  file: string | undefined,
  roots: readonly ConfigRoot[],
): { readonly args: readonly string[]; readonly config?: string } {
  if (file !== undefined) {
    return { args: ['-F', resolve(file)] };
  }
  if (thisUser().home === homedir() && roots.at(-1)?.file === SYSTEM_FILE) {
    return { args: [] };
  }
  const includes = roots.map(root => `Match all\nInclude "${root.file}"\n`);
  return { args: ['-F', '/dev/stdin'], config: includes.join('') };
}

/** What ssh says only because it always says something is left out. */
function withoutDefaults(answer: Answer, defaults: Answer, address: string): Answer {
  return new Map(
    [...answer].filter(([keyword, values]) => {
      const standard = keyword === 'hostname' ? [address.toLowerCase()] : defaults.get(keyword);
      return values.join('\n') !== standard?.join('\n');
    }),
  );
}

async function isInPath(program: string): Promise<boolean> {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const found = await Promise.all(
    folders.map(folder =>
      access(join(folder, program), constants.X_OK).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}

async function assertReadable(file: string): Promise<void> {
  await readFile(file).catch(({ code, message }: NodeJS.ErrnoException) => {
    const missing = code === 'ENOENT' || code === 'ENOTDIR';
    throw new InputError([
      {
        place: { file },
        message: missing ? 'there is no such ssh_config file' : `cannot be read: ${message}`,
      },
    ]);
  });
}
