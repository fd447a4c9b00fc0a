import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { BIN } from '../lab/fleet.ts';
import type { LabHost } from '../lab/host.ts';
import { type BenchFleet, HOOKS } from './fleet.ts';
import type { Program } from './measure.ts';
import type { ProgramName } from './programs.ts';

/** One of the programs that are compared. */
export interface Side {
  readonly name: string;
  readonly needs?: ProgramName;
  /** Made anew for each run, so that no run finds what an earlier one left. */
  start(): Promise<Started>;
  /** Whether what it wrote says that all hosts are as they should be. */
  accepts(stdout: string): boolean;
}

export interface Started extends Program {
  /** After the clock has stopped. */
  cleanUp?(): Promise<void>;
}

/** All sides on a fleet. The files that they need are written into the fleet's control folder. */
export async function makeSides({ hosts, control }: BenchFleet): Promise<readonly Side[]> {
  const { folder } = control;
  const check = [process.execPath, BIN, 'check', 'hooks.yml', '-i', 'hosts.ini'];
  const probe = (await control.run(...check.slice(2), '--print-probe')).stdout;
  await Promise.all([
    control.write('probe.sh', `${probe}\n`),
    control.write('ansible.cfg', ansibleConfig(folder)),
    control.write('facts.json', JSON.stringify(await facts(hosts))),
  ]);
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: join(folder, 'home'),
    LC_ALL: 'C.UTF-8',
    ANSIBLE_CONFIG: join(folder, 'ansible.cfg'),
  };
  const addresses = hosts.map(host => host.address);
  const plain = (...command: readonly string[]) => ({ start: async () => ({ command, cwd: folder, env }) });
  const ansible = (...command: readonly string[]) => ({
    start: () => withConnectionsOfItsOwn({ command, cwd: folder, env }),
  });
  const allEnded = endsOf(probe, hosts.length);
  const inOneLine = `echo ${Buffer.from(probe).toString('base64')} | base64 -d | sh -s`;

  return [
    {
      name: 'hookfleet check',
      ...plain(...check),
      accepts: stdout => stdout.includes(`${hosts.length} hosts: ${hosts.length} ok`),
    },
    {
      name: 'floor: bare ssh2, the same script',
      ...plain(process.execPath, here('floor.mjs'), 'root', KEY(folder), 'probe.sh', ...addresses),
      accepts: allEnded,
    },
    {
      name: 'clush, the same script',
      needs: 'clush',
      ...plain('sh', '-c', CLUSH, 'sh', sshOptions(folder).join(' '), addresses.join(',')),
      accepts: allEnded,
    },
    {
      name: 'ansible -m raw, the same script',
      needs: 'ansible',
      ...ansible('ansible', 'all', '-i', 'hosts.ini', '-m', 'raw', '-a', inOneLine),
      // On a terminal, as raw has it, stderr and its marks come too.
      accepts: endsOf(probe, 2 * hosts.length),
    },
    {
      name: 'ansible-playbook, the same checks in modules',
      needs: 'ansible-playbook',
      ...ansible('ansible-playbook', '-i', 'hosts.ini', '-e', '@facts.json', here('hooks.ansible.yml')),
      accepts: stdout =>
        (stdout.match(/ok=\d+ +changed=0 +unreachable=0 +failed=0/g) ?? []).length === hosts.length,
    },
  ];
}

const CLUSH = 'exec clush -S -l root -f 50 -o "$1" -w "$2" "timeout -k 5 300 sh -s" <probe.sh';

const KEY = (folder: string) => join(folder, 'home/.ssh/id_ed25519');

function here(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

function sshOptions(folder: string): readonly string[] {
  const known = join(folder, 'home/.ssh/known_hosts');
  return ['-F none', `-i ${KEY(folder)}`, '-o IdentitiesOnly=yes', `-o UserKnownHostsFile=${known}`];
}

/** As somebody would set it who wants it fast: everything at once, pipelining; the interpreter need not be searched. */
function ansibleConfig(folder: string): string {
  return `[defaults]
forks = 50
interpreter_python = /usr/bin/python3
[ssh_connection]
pipelining = True
ssh_common_args = ${sshOptions(folder).join(' ')}
`;
}

/** Ansible leaves its connections open for a minute, for the next run: here each run starts without. */
async function withConnectionsOfItsOwn(program: Program): Promise<Started> {
  const sockets = await mkdtemp(join(tmpdir(), 'hf-'));
  return {
    ...program,
    env: { ...program.env, ANSIBLE_SSH_CONTROL_PATH_DIR: sockets },
    async cleanUp() {
      for (const socket of await readdir(sockets)) {
        await execa(
          'ssh',
          ['-F', 'none', '-o', `ControlPath=${join(sockets, socket)}`, '-O', 'exit', 'host'],
          {
            reject: false,
          },
        );
      }
      await rm(sockets, { recursive: true });
    },
  };
}

/** Whether the last mark of the script is there so many times. */
function endsOf(probe: string, times: number): (stdout: string) => boolean {
  const nonce = /'%s %s\\n' ([0-9a-f]{32}) /.exec(probe)?.[1];
  if (nonce === undefined) {
    throw new Error(`The probe has no mark:\n${probe}`);
  }
  return stdout => stdout.split(`${nonce} end`).length === times + 1;
}

/** What an Ansible playbook would keep of the hooks: read from the manifests on the first host. */
async function facts([host]: readonly LabHost[]) {
  const packages = HOOKS.map(hook => `vdsm-hook-${hook}`);
  const dump = host ? (await host.exec(['rpm', '-q', '--dump', ...packages])).stdout : '';
  const files = dump
    .trim()
    .split('\n')
    .map(line => {
      const [path = '', , , digest = '', mode = '', owner = '', group = '', , , , target = ''] =
        line.split(' ');
      const link = mode.startsWith('012');
      return {
        path,
        mode: mode.slice(-4),
        owner,
        group,
        sha256: link ? '' : digest,
        target: link ? target : '',
      };
    });
  return {
    hook_packages: packages,
    hook_files: files,
    hook_scripts: files.flatMap(({ path }) => (path.startsWith('/usr/libexec/vdsm/hooks/') ? [path] : [])),
  };
}
