import test from 'ava';
import { engineStarts } from './engine.ts';
import {
  APPLY,
  AUDIT,
  controlOf,
  DEAD,
  enginePlay,
  gateBefore,
  hooksPlay,
  inventoryText,
  isAsTold,
  lightHosts,
  typeNext,
  until,
  withAudit,
} from './fleet-faults-lab.ts';
import type { LabHost } from './host.ts';
import { boot } from './in-test.ts';

const line = ({ name, address }: LabHost) => `${name} ansible_host=${address}`;
const names = (hosts: readonly LabHost[]) => hosts.map(({ name }) => name);

test('5 % unreachable: the others are done, the budget decides on the engine, and the next command heals', async t => {
  const [all, engine] = await Promise.all([
    lightHosts(t, 20),
    boot(t, { name: 'engine-1', kind: 'engine', engine: { levels: ['4.8'] } }),
  ]);
  const others = all.slice(0, 19);
  const control = await controlOf(t, all, [engine]);
  const engineLine = [line(engine)];
  const down = [...others.map(line), `kvm-20 ansible_host=${DEAD}`];

  await control.write('hosts.ini', inventoryText([`kvm-00 ansible_host=${DEAD}`, ...others.map(line)]));
  await control.write('site.yml', hooksPlay('  serial: [1, 100%]\n'));
  isAsTold(t, 'unreachable-canary', await control.run(...APPLY));
  t.deepEqual(
    await Promise.all(others.map(host => host.sshLog())),
    others.map(() => ({ connections: 0, execs: 0 })),
  );

  await control.write('hosts.ini', inventoryText(down, engineLine));
  await control.write('site.yml', hooksPlay() + enginePlay(engine));
  isAsTold(t, 'unreachable-0', await control.run(...APPLY));
  t.deepEqual(withAudit(all), names(others));
  t.deepEqual(await engine.sshLog(), { connections: 0, execs: 0 });

  await Promise.all(others.map(host => host.exec(`rm /${AUDIT}`)));
  await control.write('site.yml', hooksPlay('  max_fail_percentage: 10\n') + enginePlay(engine));
  const within = await control.run(...APPLY);
  isAsTold(t, 'unreachable-10', within);
  t.deepEqual(withAudit(all), names(others));
  t.is(await engineStarts(engine), 2);

  await control.write('hosts.ini', inventoryText(all.map(line), engineLine));
  const healed = await typeNext(control, within);
  t.is(healed.exitCode, 0, healed.stdout);
  t.regex(healed.stdout, /^21 hosts: 20 ok, 1 changed$/m);
  t.deepEqual(withAudit(all), names(all));
  t.is(await engineStarts(engine), 2);
});

test('one batch all failing ends it, whatever max_failed allows; the same again goes on once it is mended', async t => {
  const hosts = await lightHosts(t, 6);
  const control = await controlOf(t, hosts);
  await control.write('site.yml', hooksPlay('  serial: 2\n  max_failed: 3\n  verify: test ! -e /etc/ill\n'));
  const ill = hosts.slice(2, 4);
  await Promise.all(ill.map(host => host.exec('touch /etc/ill')));
  const ran = await control.run(...APPLY);
  isAsTold(t, 'batch-lost', ran);
  t.deepEqual(withAudit(hosts), ['kvm-01', 'kvm-02', 'kvm-03', 'kvm-04']);
  await Promise.all(ill.map(host => host.exec('rm /etc/ill')));
  const healed = await typeNext(control, ran);
  t.is(healed.exitCode, 0);
  t.regex(healed.stdout, /^6 hosts: 4 ok, 2 changed$/m);
});

test('the bastion dies mid-run: steps that had begun end, no further one begins, and the same again heals', async t => {
  const [bastion, ...hosts] = await lightHosts(t, 5, { from: 0 });
  if (bastion === undefined) {
    throw new Error('no bastion');
  }
  const control = await controlOf(t, [bastion, ...hosts]);
  await control.write('hosts.ini', inventoryText(hosts.map(line)));
  await control.write('site.yml', hooksPlay());
  const begun = hosts.slice(0, 2);
  const gates = await Promise.all(begun.map(host => gateBefore(host, 'sync')));
  const running = control.start(...APPLY, '-J', `ops@${bastion.address}`, '-f', '2');
  await until(() => gates.every(gate => gate.isReached()));
  await bastion.stop();
  const { stdout, stderr, exitCode } = await running;
  isAsTold(t, 'bastion-dies', { stdout, stderr, exitCode });

  await Promise.all(gates.map(gate => gate.open()));
  for (const host of begun) {
    await until(
      async () => (await host.exec('flock -n /run/hookfleet.lock true', { reject: false })).exitCode === 0,
    );
    t.regex(
      (await host.exec('ls -A /var/lib/hookfleet; cat /var/lib/hookfleet/placed')).stdout,
      /^placed\n.*50_audit/,
    );
  }
  t.deepEqual(withAudit(hosts), []);

  const again = await lightHosts(t, 1, { from: 0 });
  const fresh = await controlOf(t, [...again, ...hosts]);
  await fresh.write('hosts.ini', inventoryText(hosts.map(line)));
  await fresh.write('site.yml', hooksPlay());
  const healed = await fresh.run(...APPLY, '-J', `ops@${again[0]?.address}`);
  t.is(healed.exitCode, 0, healed.stdout);
  t.deepEqual(withAudit(hosts), names(hosts));
});
