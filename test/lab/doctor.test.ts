import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { makeControl } from './fleet.ts';
import { boot } from './in-test.ts';

test('doctor looks at this machine and at each host, changes nothing, and names what to type', async t => {
  const [well, bare, engine] = await Promise.all([
    boot(t, { name: 'hv-1' }),
    boot(t, { name: 'hv-2' }),
    boot(t, { name: 'engine', kind: 'engine' }),
  ]);
  const control = await makeControl({ hypervisors: [well, bare], engines: [engine] });
  t.teardown(() => control.remove());
  const clean = await control.run('doctor', '-i', 'hosts.ini');
  t.is(clean.exitCode, 0, clean.stdout + clean.stderr);
  t.regex(clean.stdout, /^This machine\n {2}ok {7}Node\.js/);
  t.regex(clean.stdout, /engine: an engine/);
  t.notRegex(clean.stdout, /problem/);

  await rename(join(bare.root, 'usr/bin/flock'), join(bare.root, 'usr/bin/flock.away'));
  const broken = await control.run('doctor', '-i', 'hosts.ini', '--limit', 'hypervisors');
  t.is(broken.exitCode, 1, broken.stderr);
  t.regex(broken.stdout + broken.stderr, /problem {2}hv-2: there is no flock\n +dnf install util-linux/);

  const json = await control.run('doctor', '-i', 'hosts.ini', '--json');
  const { findings } = JSON.parse(json.stdout);
  t.deepEqual(
    findings.filter(({ level }: { level: string }) => level === 'problem'),
    [{ hosts: ['hv-2'], level: 'problem', message: 'there is no flock', hint: 'dnf install util-linux' }],
  );

  const strange = await control.run('doctor', '-i', 'hosts.ini', '--known-hosts', '/dev/null');
  t.is(strange.exitCode, 4);
  t.regex(
    strange.stdout,
    /the host key is not on record\n +hookfleet trust -i hosts\.ini --known-hosts \/dev\/null/,
  );
});
