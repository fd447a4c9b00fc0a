import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { execa } from 'execa';
import { optionRoutes } from '../../engine/client/stand-in/options.ts';
import { type ApiWish, startApi } from '../../engine/client/stand-in/stand-in.ts';
import type { VmWish } from '../../engine/client/stand-in/vm-answers.ts';
import { openVms } from '../../engine/client/stand-in/vms.ts';
import { openVnics, type ProfileWish } from '../../engine/client/stand-in/vnics.ts';
import { BIN } from '../program.ts';

export const PASSWORD = 'correct horse battery staple';

/** What the engine of the tests defines, by key and level. */
export const LOADED: Readonly<Record<string, string>> = {
  'PredefinedVMProperties@4.6': 'sap_agent=^(true|false)$;hugepages=^[0-9]+$',
  'PredefinedVMProperties@4.7': 'sap_agent=^(true|false)$;hugepages=^[0-9]+$',
  'UserDefinedVMProperties@4.6': 'qemu_cmdline=^.*$;old_tag=^.*$',
  'UserDefinedVMProperties@4.7': 'audit_tag=^[a-z]+$;site_cost=^[0-9]+$;qemu_cmdline=^.*$',
};

/** An engine with VMs and vNIC profiles, and the program itself, as it is built, told to go there. */
export async function withEngineOf(
  t: ExecutionContext,
  {
    vms = [],
    profiles = [],
    interface: definitions,
    stepMs = 100,
    ...wish
  }: ApiWish & {
    readonly vms?: readonly VmWish[];
    readonly profiles?: readonly ProfileWish[];
    readonly interface?: Readonly<Record<string, string>>;
    readonly stepMs?: number;
  },
) {
  const levels = Object.fromEntries(
    (wish.clusters ?? []).map(({ name, version = '4.7' }) => [name, version]),
  );
  const machines = openVms({ vms, levels, loaded: () => LOADED, stepMs });
  const vnics = openVnics(profiles, definitions);
  const api = await startApi(t, {
    ...wish,
    password: PASSWORD,
    routes: [...machines.routes, ...vnics.routes, ...optionRoutes(() => LOADED), ...(wish.routes ?? [])],
  });
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-vm-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'ca.pem'), api.ca);
  const env = {
    HOME: folder,
    NO_COLOR: '1',
    HOOKFLEET_ENGINE_URL: api.url,
    HOOKFLEET_ENGINE_USER: api.user,
    HOOKFLEET_ENGINE_PASSWORD: PASSWORD,
    HOOKFLEET_ENGINE_CA: join(folder, 'ca.pem'),
  };
  const start = (args: readonly string[], more: Readonly<Record<string, string>> = {}) =>
    execa(process.execPath, [BIN, ...args], {
      cwd: folder,
      env: { ...env, ...more },
      reject: false,
      stdin: 'ignore',
    });
  return {
    api,
    folder,
    env,
    vm: machines.vm,
    profile: vnics.profile,
    start,
    async run(...args: readonly string[]) {
      const { stdout, stderr, exitCode } = await start(args);
      t.false(`${stdout}${stderr}`.includes(PASSWORD));
      return { stdout, stderr, exitCode };
    },
    puts: () => api.requests.filter(({ method }) => method === 'PUT'),
  };
}
