import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { execa } from 'execa';
import { BIN, makeControl } from './fleet.ts';
import { boot } from './in-test.ts';

/** A user without an entry in the password database, as in many containers. */
const UID = 54_321;

test('a user without a name on the control machine works as any other', async t => {
  const host = await boot(t, { name: 'kvm' });
  const control = await makeControl({ hypervisors: [host] });
  t.teardown(() => control.remove());
  await control.write('site.yml', '- hosts: hypervisors\n  become: true\n  vdsm_hooks: [diskunmap]\n');
  await control.write('nobody.ini', `[hypervisors]\nkvm ansible_host=${host.address}\n`);
  await execa('chown', ['-R', `${UID}:${UID}`, control.folder]);
  const run = (...args: readonly string[]) =>
    execa(process.execPath, [BIN, ...args], {
      cwd: control.folder,
      env: { HOME: join(control.folder, 'home') },
      extendEnv: false,
      uid: UID,
      gid: UID,
      reject: false,
      stdin: 'ignore',
    });

  const check = await run('check', 'site.yml', '-i', 'hosts.ini');
  t.is(check.exitCode, 3, check.stderr);
  t.not((await readdir(join(control.folder, 'home/.local/state'))).length, 0, 'with a record of the run');
  const trust = await run('trust', '-i', 'hosts.ini', '--yes');
  t.is(trust.exitCode, 0, trust.stderr);

  // Without a login user in the inventory the number is the only name there is.
  const nobody = await run('check', 'site.yml', '-i', 'nobody.ini');
  t.is(nobody.exitCode, 4, nobody.stderr);
  t.regex(nobody.stdout, /54321 cannot log in on the host/);
  t.regex(nobody.stdout, /--user/);
});
