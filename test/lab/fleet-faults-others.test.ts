import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { engineStarts, engineStore, loadedRows } from './engine.ts';
import { readStore } from './engine-store.ts';
import type { Control } from './fleet.ts';
import {
  APPLY,
  AUDIT,
  caseOf,
  controlOf,
  enginePlay,
  gateBefore,
  hooksPlay,
  inventoryText,
  isAsTold,
  lightHosts,
  typeNext,
  until,
  versionsOf,
} from './fleet-faults-lab.ts';
import { boot } from './in-test.ts';

const ROW = 'UserDefinedVMProperties@4.8';
const CHECK = ['check', ...APPLY.slice(1)];

async function setUp(t: ExecutionContext, count: number) {
  const [hosts, engine] = await Promise.all([
    lightHosts(t, count),
    boot(t, { name: 'engine-1', kind: 'engine', engine: { levels: ['4.8'] } }),
  ]);
  const controls = await Promise.all([controlOf(t, hosts, [engine]), controlOf(t, hosts, [engine])]);
  return { hosts, engine, controls };
}

function outcomes({ stdout }: { readonly stdout: string }): ReadonlyMap<string, string> {
  const { hosts } = JSON.parse(stdout) as { hosts: Record<string, { outcome: string }> };
  return new Map(Object.entries(hosts).map(([name, { outcome }]) => [name, outcome]));
}

test('two operators apply the same at once: every change is made once, and the engine restarted once', async t => {
  const { hosts, engine, controls } = await setUp(t, 4);
  await Promise.all(
    controls.map(control => control.write('site.yml', hooksPlay('', '[diskunmap]') + enginePlay(engine))),
  );
  const [ana, ben] = await Promise.all(controls.map(control => control.run(...APPLY, '--json')));
  if (ana === undefined || ben === undefined) {
    throw new Error('no operators');
  }
  isAsTold(t, 'operators-same', ana);
  isAsTold(t, 'operators-same', ben);
  for (const name of [...hosts.map(host => host.name), 'engine-1']) {
    t.deepEqual([outcomes(ana).get(name), outcomes(ben).get(name)].toSorted(), ['changed', 'ok'], name);
  }
  t.is((await readStore(engineStore(engine)))[ROW], 'tag=^x$');
  t.is(await engineStarts(engine), 2);
});

test('two operators apply different playbooks at once: both are there, after one restart each', async t => {
  const { hosts, engine, controls } = await setUp(t, 4);
  const [ana, ben] = controls;
  await ana.write('site.yml', hooksPlay('', '[diskunmap]') + enginePlay(engine, 'ana'));
  await ben.write('site.yml', hooksPlay('', '[extnet]') + enginePlay(engine, 'ben'));
  const ends = await Promise.all(controls.map(control => control.run(...APPLY)));
  for (const end of ends) {
    isAsTold(t, 'operators-different', end);
  }
  for (const host of hosts) {
    const { stdout } = await host.exec(versionsOf('vdsm-hook-diskunmap', 'vdsm-hook-extnet'));
    t.is(stdout.trim().split('\n').length, 2);
  }
  t.deepEqual((await loadedRows(engine))[ROW]?.split(';').toSorted(), ['ana=^x$', 'ben=^x$']);
  t.is(await engineStarts(engine), 3);
  for (const control of controls) {
    t.is((await control.run(...CHECK)).exitCode, 0);
  }
});

test('two operators at odds over one hook: every host has one of the two whole, and the other sees drift', async t => {
  const hosts = await lightHosts(t, 4);
  const [ana, ben] = await Promise.all([controlOf(t, hosts), controlOf(t, hosts)]);
  const texts = ['#!/bin/sh\nexit 0\n', '#!/bin/sh\nexit 2\n'];
  await ben.write('hooks/audit/before_vm_start/50_audit', texts[1] ?? '');
  await Promise.all([ana, ben].map(control => control.write('site.yml', hooksPlay())));
  const ends = await Promise.all([ana, ben].map(control => control.run(...APPLY, '--json')));
  for (const { stdout, exitCode } of ends) {
    t.true(caseOf('operators-at-odds').exitCodes.includes(exitCode ?? -1), stdout);
    t.deepEqual(
      [...outcomes({ stdout }).values()].filter(outcome => !['changed', 'failed'].includes(outcome)),
      [],
    );
  }
  const seen = await Promise.all([ana, ben].map(control => control.run(...CHECK, '--json')));
  for (const host of hosts) {
    const has = texts.indexOf(await readFile(join(host.root, AUDIT), 'utf8'));
    t.true(has >= 0, 'whole');
    t.deepEqual(
      seen.map(check => outcomes(check).get(host.name)),
      has === 0 ? ['ok', 'drifted'] : ['drifted', 'ok'],
    );
  }
});

test('who does not want to wait for another one is told who it is, and disturbs nobody', async t => {
  const hosts = await lightHosts(t, 1);
  const [ana, ben] = await Promise.all([controlOf(t, hosts), controlOf(t, hosts)]);
  await Promise.all([ana, ben].map(control => control.write('site.yml', hooksPlay())));
  const [host] = hosts;
  if (host === undefined) {
    throw new Error('no host');
  }
  const gate = await gateBefore(host, 'sync');
  const first = ana.start(...APPLY);
  await until(() => gate.isReached());
  const second = await ben.run(...APPLY, '--lock-wait', '1');
  isAsTold(t, 'operators-impatient', second);
  t.regex(second.stdout, new RegExp(`process ${first.pid},`));
  await gate.open();
  t.is((await first).exitCode, 0);
  t.regex((await typeNext(ben, second)).stdout, /^1 host: 1 ok$/m);
});

test('hosts under two names are told, changed once, and the engine is restarted once', async t => {
  const { hosts, engine, controls } = await setUp(t, 1);
  const [control] = controls;
  const [address, other] = [hosts[0]?.address, engine.address];
  await control.write(
    'hosts.ini',
    inventoryText(
      [`kvm-01 ansible_host=${address}`, `kvm-one ansible_host=${address}`],
      [`engine-1 ansible_host=${other}`, `manager ansible_host=${other}`],
    ),
  );
  await control.write('site.yml', hooksPlay('', '[diskunmap]') + enginePlay(engine));
  isAsTold(t, 'two-names', await control.run(...APPLY));
  t.is(await engineStarts(engine), 2);
  t.regex((await control.run(...CHECK)).stdout, /^4 hosts: 4 ok$/m);
});

for (const [years, stamp] of [
  ['+20', '204501010000'],
  ['-20', '200501010000'],
] as const) {
  test(`clocks and files of the hosts are off by ${years} years: nothing waits or decides by them`, async t => {
    const { hosts, engine, controls } = await setUp(t, 2);
    const [control]: readonly Control[] = controls;
    const all = [...hosts, engine];
    for (const { root } of all) {
      // The first folder of the PATH in a script of hookfleet.
      await writeFile(
        join(root, 'usr/sbin/date'),
        `#!/bin/sh\nexec /usr/bin/date -d '${years} years' "$@"\n`,
      );
      await chmod(join(root, 'usr/sbin/date'), 0o755);
    }
    await control?.write('site.yml', hooksPlay('', '[diskunmap]') + enginePlay(engine, 'first'));
    t.is((await control?.run(...APPLY))?.exitCode, 0);
    const folders =
      '/usr/libexec/vdsm /var/lib/hookfleet /var/cache/dnf /var/lib/dnf /var/lib/rpm /etc/yum.repos.d /var/lib/ovirt-engine';
    await Promise.all(
      all.map(host =>
        host.exec(
          `touch -t ${stamp} /run/hookfleet.lock; find ${folders} -exec touch -h -t ${stamp} {} + 2>/dev/null || true`,
        ),
      ),
    );
    await control?.write('site.yml', hooksPlay('', '[extnet]') + enginePlay(engine, 'second'));
    const ran = await control?.run(...APPLY);
    t.truthy(ran);
    if (ran) {
      isAsTold(t, 'clock-host', ran);
    }
    t.is(await engineStarts(engine), 3);
    t.regex((await engine.exec('cat /run/hookfleet.lock')).stdout, new RegExp(`^${stamp.slice(0, 3)}`, 'm'));
    t.regex((await control?.run(...CHECK))?.stdout ?? '', /^3 hosts: 3 ok$/m);
  });
}
