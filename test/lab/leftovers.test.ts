import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { execa } from 'execa';
import { ensureBase } from './base.ts';
import { bootHost, type LabHost } from './host.ts';
import { processIdentity } from './process-identity.ts';
import { LAB } from './recipe.ts';
import { removeLeftovers } from './state.ts';

test.serial('a stopped host leaves nothing behind, and may be stopped twice', async t => {
  const host = await bootHost({ name: 'brief' });
  t.not((await remainders(host)).length, 0);
  await host.stop();
  await host.stop();
  t.deepEqual(await remainders(host), []);
});

test.serial(
  'hosts die with the process that booted them, and the next start clears what they left',
  async t => {
    const child = execa(process.execPath, ['--import=tsx', join(LAB, 'boot-and-wait.ts')], { reject: false });
    t.teardown(() => child.kill('SIGKILL'));
    const [line] = await once(child.stdout, 'data');
    const hosts: Pick<LabHost, 'pid' | 'root'>[] = JSON.parse(String(line));
    t.is(hosts.length, 2);
    t.true(hosts.every(host => processIdentity(host.pid) !== undefined));
    child.kill('SIGKILL');
    await child;
    const deadline = Date.now() + 10_000;
    while (hosts.some(host => processIdentity(host.pid) !== undefined) && Date.now() < deadline) {
      await sleep(20);
    }
    t.true(hosts.every(host => processIdentity(host.pid) === undefined));
    removeLeftovers();
    for (const host of hosts) {
      t.deepEqual(await remainders(host), []);
    }
  },
);

/** What is still there of a host that should be gone. */
async function remainders({ pid, root }: Pick<LabHost, 'pid' | 'root'>): Promise<string[]> {
  const folder = join(root, '..');
  const mounts = (await readFile('/proc/self/mountinfo', 'utf8')).split('\n');
  const groups = ['', 'systemd', 'unified'].map(hierarchy =>
    join('/sys/fs/cgroup', hierarchy, basename(folder)),
  );
  return [
    ...mounts.filter(line => line.includes(folder)),
    ...[folder, ...groups].filter(existsSync),
    ...[processIdentity(pid) ?? []].flat(),
  ];
}

test.serial('processes that ask for the base at once get one, built once and whole', async t => {
  const base = await ensureBase();
  const cache = await mkdtemp(join(tmpdir(), 'hookfleet-cache-'));
  t.teardown(() => rm(cache, { recursive: true }));
  const [, debian = ''] = base.host;
  await symlink(debian, join(cache, basename(debian)));
  const script = `
    import { ensureBase } from '${join(LAB, 'base.ts')}';
    const base = await ensureBase();
    console.log(JSON.stringify(base.host));`;
  const ask = () =>
    execa(process.execPath, ['--import=tsx', '--input-type=module', '--eval', script], {
      env: { HOOKFLEET_LAB_CACHE: cache },
    });
  const given = await Promise.all([ask(), ask()]);
  const expected = base.host.map(folder => join(cache, basename(join(folder, '..')), basename(folder)));
  t.deepEqual(JSON.parse(given[0].stdout)[0], expected[0]);
  t.is(given[1].stdout, given[0].stdout);
  t.deepEqual(
    (await readdir(cache)).sort(),
    [basename(debian), basename(join(expected[0] ?? '', '..')), 'lock'].sort(),
  );
});
