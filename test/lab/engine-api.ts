import { chmod, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';
import { hostHookRoutes, type ReportedHooks } from '../engine/client/stand-in/host-hooks.ts';
import type { HostWish } from '../engine/client/stand-in/hosts.ts';
import { type JobWish, jobRoutes } from '../engine/client/stand-in/jobs.ts';
import { optionRoutes } from '../engine/client/stand-in/options.ts';
import { PROXY_PAGE, type Route } from '../engine/client/stand-in/route.ts';
import { startApi } from '../engine/client/stand-in/stand-in.ts';
import type { VmWish } from '../engine/client/stand-in/vm-answers.ts';
import { openVms } from '../engine/client/stand-in/vms.ts';
import { openVnics, type ProfileWish } from '../engine/client/stand-in/vnics.ts';
import { engineHealth, engineStarts, HEALTHY, loadedRows } from './engine.ts';
import type { Control } from './fleet.ts';
import type { LabHost } from './host.ts';

export interface EngineApiWish {
  /** The hypervisors that the engine has; it reads their hooks as VDSM there tells them. */
  readonly hypervisors?: readonly LabHost[];
  /** Their states, by name; `up` for the others. */
  readonly states?: Readonly<Record<string, string>>;
  /** What runs; may be changed meanwhile. */
  readonly jobs?: readonly JobWish[];
  readonly vms?: readonly VmWish[];
  readonly profiles?: readonly ProfileWish[];
}

/**
 * The API of the engine on a lab host. What engine-config wrote there is what it defines once that engine was started
 * again; while the engine is not healthy it does not answer, and a start ends all logins.
 */
export async function engineApi(t: ExecutionContext, engine: LabHost, wish: EngineApiWish = {}) {
  const { hypervisors = [], states = {}, jobs = [], vms = [], profiles = [] } = wish;
  const hosts: HostWish[] = hypervisors.map(({ name, address }) => ({
    name,
    address,
    status: states[name] ?? 'up',
  }));
  const reported = async (name: string) => {
    const host = hypervisors.find(one => one.name === name);
    return host === undefined ? {} : reportOf(host);
  };
  const empty = ['/templates', '/vmpools'].map(
    (path): Route => ({ method: 'GET', path: new RegExp(`^${path}$`), answer: () => ({ json: {} }) }),
  );
  let starts = await engineStarts(engine);
  const routes = [
    ...optionRoutes(() => loadedRows(engine)),
    ...hostHookRoutes({ hosts, reported }),
    ...jobRoutes(jobs),
    ...openVms({ vms, levels: { Default: '4.7' } }).routes,
    ...openVnics(profiles).routes,
    ...empty,
  ].map(
    (route): Route => ({
      ...route,
      async answer(call) {
        const now = await engineStarts(engine);
        if (now !== starts) {
          starts = now;
          standIn.logins.expire();
          return { status: 401, html: '<html><body>Unauthorized</body></html>' };
        }
        return (await engineHealth(engine)) === HEALTHY ? route.answer(call) : PROXY_PAGE;
      },
    }),
  );
  const standIn = await startApi(t, {
    hosts,
    routes,
    clusters: [{ name: 'Default', version: '4.7' }],
    dataCenters: [{ name: 'Default', version: '4.7' }],
  });
  const pki = join(engine.root, 'etc/pki/ovirt-engine');
  await mkdir(pki, { recursive: true });
  await writeFile(join(pki, 'ca.pem'), standIn.ca);
  return {
    ...standIn,
    hosts,
    /** The options by which the program comes to it, once its password is in the folder of the control machine. */
    async access(control: Control): Promise<readonly string[]> {
      await control.write('password', `${standIn.password}\n`);
      await chmod(join(control.folder, 'password'), 0o600);
      const file = ['--engine-password-file', 'password'];
      return ['--engine-url', standIn.url, '--engine-user', standIn.user, ...file];
    },
  };
}

/** Gives a hypervisor the stand-in of vdsm-client. */
export async function addVdsmClient(host: LabHost): Promise<void> {
  const target = join(host.root, 'usr/bin/vdsm-client');
  await copyFile(fileURLToPath(new URL('hypervisor/vdsm-client', import.meta.url)), target);
  await chmod(target, 0o755);
}

/** How often a host's VDSM was asked for its capabilities over SSH. */
export async function capabilityCalls(host: LabHost): Promise<number> {
  const text = await readFile(join(host.root, 'var/log/vdsm-client'), 'utf8').catch(() => '');
  return text.split('\n').length - 1;
}

/** What VDSM of a host tells of its hooks, whoever asks. */
async function reportOf(host: LabHost): Promise<ReportedHooks> {
  const { stdout } = await host.exec([
    'runuser',
    '-u',
    'vdsm',
    '--',
    'sh',
    '/usr/bin/vdsm-client',
    'as-vdsm',
  ]);
  const { hooks } = JSON.parse(stdout) as { hooks: Record<string, Record<string, { checksum: string }>> };
  return Object.fromEntries(
    Object.entries(hooks).flatMap(([event, scripts]) =>
      Object.entries(scripts).map(([name, { checksum }]) => [`${event}/${name}`, checksum]),
    ),
  );
}
