import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import type { ExecResult, HostOptions, LabHost } from './host.ts';
import { boot } from './in-test.ts';
import { labKeys } from './keys.ts';

export const HOOKS = '/etc/libvirt/hooks';

/** Boots a host whose libvirtd answers, and that has no VDSM; it lives as long as the test. */
export async function bootLibvirt(t: ExecutionContext, options: HostOptions = {}): Promise<LabHost> {
  const host = await boot(t, { libvirt: true, vdsm: 'none', ...options });
  await untilLibvirtAnswers(host);
  return host;
}

/** Runs virsh as root; it may fail. */
export function virsh(host: LabHost, ...args: readonly string[]): Promise<ExecResult> {
  return host.exec(['virsh', '-q', ...args], { reject: false });
}

/** The definition of a guest without a disk: its firmware finds nothing to boot, and it runs on. */
function guestXml(name: string): string {
  return `<domain type='qemu'>
  <name>${name}</name>
  <memory unit='MiB'>32</memory>
  <vcpu>1</vcpu>
  <os><type arch='x86_64' machine='pc'>hvm</type></os>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
    <controller type='usb' model='none'/>
    <memballoon model='none'/>
  </devices>
</domain>
`;
}

export async function defineGuest(host: LabHost, name: string): Promise<void> {
  const file = `/root/${name}.xml`;
  await writeFile(join(host.root, file), guestXml(name));
  await host.exec(['virsh', '-q', 'define', file]);
}

/** Defines guests and starts them. */
export async function startGuests(host: LabHost, ...names: readonly string[]): Promise<void> {
  for (const name of names) {
    await defineGuest(host, name);
    await host.exec(['virsh', '-q', 'start', name]);
  }
}

/** The QEMU process of each running guest, by its name, with the time that it started, so that no other is taken for it. */
export async function guestPids(host: LabHost): Promise<Readonly<Record<string, string>>> {
  // ps ends with 1 where there is none.
  const { stdout } = await host.exec('ps -C qemu-system-x86_64 -o pid=,lstart=,args= -ww || true');
  return Object.fromEntries(
    stdout.split('\n').flatMap(line => {
      const [, pid = '', started = '', name = ''] =
        /^ *(\d+) +(.*?) \/\S*qemu-system-x86_64 .*?-name guest=([^ ,]+)/.exec(line) ?? [];
      return pid === '' ? [] : [[name, `${pid}, ${started}`]];
    }),
  );
}

/** Runs the block, and fails where a guest that ran before does not run on in the same process, or libvirtd does not. */
export async function unnoticed<T>(t: ExecutionContext, host: LabHost, block: () => Promise<T>): Promise<T> {
  const before = await whatRuns(host);
  t.not(Object.keys(before.guests).length, 0, 'no guest runs that could notice anything');
  const result = await block();
  const after = await whatRuns(host);
  t.deepEqual({ ...after, guests: pick(after.guests, Object.keys(before.guests)) }, before);
  return result;
}

/** Of each guest its process, and whether libvirtd too holds it for running. */
async function whatRuns(host: LabHost) {
  const { stdout } = await virsh(host, 'list', '--name', '--state-running');
  const running = stdout.split('\n');
  const guests = Object.entries(await guestPids(host));
  return {
    daemon: await daemonPid(host),
    guests: Object.fromEntries(guests.map(([name, pid]) => [name, { pid, running: running.includes(name) }])),
  };
}

function pick<T>(all: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)));
}

/** The process of libvirtd; another one after a restart, the same after a reload. */
export async function daemonPid(host: LabHost): Promise<string> {
  return (await host.exec('systemctl show -P MainPID libvirtd')).stdout.trim();
}

/** How often systemd reloaded libvirtd since the host is up. */
export async function reloads(host: LabHost): Promise<number> {
  const { stdout } = await host.exec('journalctl -q -u libvirtd -o cat --no-pager');
  return stdout.split('\n').filter(line => line.startsWith('Reloaded libvirtd.service')).length;
}

/** What libvirtd logged of hooks that failed; of others it logs nothing. */
export async function hookFailures(host: LabHost): Promise<string[]> {
  const { stdout } = await host.exec('journalctl -q -u libvirtd -o cat --no-pager');
  return stdout.split('\n').filter(line => line.includes('Hook script execution failed'));
}

/** Puts a file below the folder of hooks as an administrator who knows how does: beside it, then renamed. */
export async function putHook(host: LabHost, path: string, text: string, mode = 0o755): Promise<void> {
  const staged = join(host.root, HOOKS, '.by-hand');
  const target = join(host.root, HOOKS, path);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(staged, text, { mode });
  await rename(staged, target);
}

/** Where a {@link recorder} writes. */
const CALLS = '/var/log/hook-calls';

/**
 * A hook that notes each call: a name, its arguments, and the first line and length in bytes of its stdin. Where it may
 * not write it does no harm.
 *
 * @param name left out, that of its file
 */
export function recorder(name = '$(basename "$0")'): string {
  return `#!/bin/bash
IFS= read -r first
length=$(( \${#first} + 1 + $(wc -c) ))
[ -n "$first" ] || length=0
{
  printf '%s' "${name}"
  printf '|%s' "$@"
  printf '|%s|%s\\n' "$first" "$length"
} >> ${CALLS} || true
`;
}

export const RECORDER = recorder();

/** One call of a {@link recorder}. */
export interface HookCall {
  readonly hook: string;
  readonly args: readonly string[];
  readonly firstLine: string;
  readonly bytes: number;
}

/** The calls so far, in order. */
export async function hookCalls(host: LabHost): Promise<HookCall[]> {
  const { stdout } = await host.exec(`cat ${CALLS} 2>/dev/null || true`);
  return stdout
    .split('\n')
    .filter(Boolean)
    .map(line => {
      const [hook = '', ...rest] = line.split('|');
      return { hook, args: rest.slice(0, -2), firstLine: rest.at(-2) ?? '', bytes: Number(rest.at(-1)) };
    });
}

export async function forgetHookCalls(host: LabHost): Promise<void> {
  await host.exec(['rm', '-f', CALLS]);
}

/** Restarts libvirtd as nobody should, and waits until it answers again. */
export async function restartLibvirtd(host: LabHost): Promise<void> {
  await host.exec('systemctl restart libvirtd');
  await untilLibvirtAnswers(host);
}

/** Adds a user who may connect to libvirtd without being root, and who logs in with the lab's key. */
export async function addOperator(host: LabHost, name: string): Promise<void> {
  await host.exec(['useradd', '-m', '-s', '/bin/sh', '-p', '*', '-G', 'libvirt', name]);
  await writeFile(join(host.root, 'etc/ssh/authorized_keys', name), `${labKeys().publicKey}\n`);
}

/** Resolves once the daemon takes connections. */
export async function untilLibvirtAnswers(host: LabHost): Promise<void> {
  await until(async () => (await virsh(host, 'list')).exitCode === 0, 'libvirtd to answer');
}

/** @throws when it is not so within a minute. */
export async function until(isSo: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await isSo())) {
    if (Date.now() > deadline) {
      throw new Error(`Waited a minute for ${what}`);
    }
    await sleep(50);
  }
}
