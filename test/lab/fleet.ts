import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { LabHost } from './host.ts';
import { labKeys, writeKnownHosts } from './keys.ts';

export const BIN = fileURLToPath(new URL('../../bin/hookfleet.js', import.meta.url));

export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | undefined;
}

/** A control machine of its own: a home folder, an inventory, playbooks, and the program itself. */
export interface Control {
  /** Where inventory and playbooks lie; the working folder of the program. */
  readonly folder: string;
  /** Writes a file into the folder. */
  write(name: string, text: string): Promise<void>;
  /** The program's process, with the home folder of this control machine and no agent. */
  start(...args: readonly string[]): ReturnType<typeof spawn>;
  /** Runs `bin/hookfleet.js` to its end. */
  run(...args: readonly string[]): Promise<Ran>;
  /** Runs it with `--json`, and gives the document too. */
  json(...args: readonly string[]): Promise<Ran & { readonly report: Report }>;
  remove(): Promise<void>;
}

/** The document of `--json`, as far as tests look at it. */
export interface Report {
  readonly command: string;
  readonly exitCode: number;
  readonly totals: Readonly<Record<string, number>>;
  readonly hosts: Readonly<
    Record<
      string,
      {
        readonly outcome: string;
        readonly changes: readonly {
          readonly resource: string;
          readonly id: string;
          readonly action: string;
        }[];
        readonly error: {
          readonly kind: string;
          readonly message: string;
          readonly hint: string | null;
        } | null;
        readonly notes: readonly string[];
      }
    >
  >;
}

export interface Fleet {
  readonly hypervisors?: readonly LabHost[];
  readonly engines?: readonly LabHost[];
}

/** Makes a control machine that knows the hosts' keys and logs in with the lab's key. */
export async function makeControl(fleet: Fleet, user = 'ops'): Promise<Control> {
  const hosts = [...(fleet.hypervisors ?? []), ...(fleet.engines ?? [])];
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-control-'));
  const home = join(folder, 'home');
  await mkdir(join(home, '.ssh'), { recursive: true, mode: 0o700 });
  await writeKnownHosts(hosts, join(home, '.ssh/known_hosts'));
  await copyFile(labKeys().privateKeyFile, join(home, '.ssh/id_ed25519'));
  const control: Control = {
    folder,
    write: (name, text) => writeFile(join(folder, name), text),
    start: (...args) => spawn(args, folder, home),
    async run(...args) {
      const { stdout, stderr, exitCode } = await spawn(args, folder, home);
      return { stdout, stderr, exitCode };
    },
    async json(...args) {
      const ran = await control.run(...args, '--json');
      return { ...ran, report: JSON.parse(ran.stdout) };
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
  await control.write('hosts.ini', inventory(fleet, user));
  return control;
}

function spawn(args: readonly string[], folder: string, home: string) {
  return execa(process.execPath, [BIN, ...args], {
    cwd: folder,
    env: { HOME: home, SSH_AUTH_SOCK: undefined, NO_COLOR: '1' },
    reject: false,
    stdin: 'ignore',
    timeout: 240_000,
  });
}

function inventory({ hypervisors = [], engines = [] }: Fleet, user: string): string {
  const hostLine = ({ name, address }: LabHost) => `${name} ansible_host=${address}`;
  return [
    '[hypervisors]',
    ...hypervisors.map(hostLine),
    '[engine]',
    ...engines.map(hostLine),
    '[all:vars]',
    `ansible_user=${user}`,
    '',
  ].join('\n');
}
