import test from 'ava';
import { startLightHost } from './host.ts';
import { boot, ssh } from './in-test.ts';

test.serial(
  'a host runs a systemd of its own, and ssh lets root, ops with sudo and nosudo without in',
  async t => {
    const host = await boot(t, { name: 'hv1' });
    const running = await ssh(t, host, 'root', 'hostname; ps -o comm= -p 1; systemctl is-system-running');
    t.deepEqual(running, { exitCode: 0, stdout: 'hv1\nsystemd\nrunning', stderr: '' });
    t.is((await ssh(t, host, 'ops', 'id -un; sudo -n id -un')).stdout, 'ops\nroot');
    const refused = await ssh(t, host, 'nosudo', 'id -un; sudo -n id -un');
    t.deepEqual([refused.exitCode, refused.stdout], [1, 'nosudo']);
    t.is((await ssh(t, host, 'root', 'id vdsm')).stdout, 'uid=36(vdsm) gid=36(kvm) groups=36(kvm)');
  },
);

test.serial('what sshd was asked for is counted, what the lab itself does is not', async t => {
  const host = await boot(t);
  t.deepEqual(await host.sshLog(), { connections: 0, execs: 0 });
  await host.exec('true');
  await ssh(t, host, 'root', 'true');
  await ssh(t, host, 'stranger', 'true');
  t.deepEqual(await host.sshLog(), { connections: 2, execs: 1 });
  await host.resetSshLog();
  t.deepEqual(await host.sshLog(), { connections: 0, execs: 0 });
  await ssh(t, host, 'ops', 'true');
  t.deepEqual(await host.sshLog(), { connections: 1, execs: 1 });
});

test.serial('exec gives the exit code back, or throws', async t => {
  const host = await boot(t);
  t.deepEqual(await host.exec(['sh', '-c', 'echo a; echo b >&2; exit 3'], { reject: false }), {
    exitCode: 3,
    stdout: 'a\n',
    stderr: 'b\n',
  });
  await t.throwsAsync(host.exec('exit 3'));
});

test.serial('sudo can ask for a password, or for a terminal', async t => {
  const asking = await boot(t, { sudo: 'password' });
  const withPassword = await ssh(t, asking, 'ops', 'sudo -n true');
  t.deepEqual([withPassword.exitCode, withPassword.stderr], [1, 'sudo: a password is required']);
  const requiring = await boot(t, { sudo: 'requiretty' });
  const withoutTerminal = await ssh(t, requiring, 'ops', 'sudo -n true');
  t.is(withoutTerminal.exitCode, 1);
  t.regex(withoutTerminal.stderr, /you must have a tty/);
});

test.serial('a full disk breaks dnf, but neither ssh nor its count', async t => {
  const host = await boot(t, { diskSize: '16m' });
  await host.exec('dd if=/dev/zero of=/var/fill bs=64k 2> /dev/null || [ -s /var/fill ]');
  const { exitCode, stderr } = await ssh(t, host, 'root', 'dnf -y -q install vdsm-hook-diskunmap');
  t.not(exitCode, 0);
  t.regex(stderr, /No space left|disk is full|disk I\/O error/i);
  t.deepEqual(await host.sshLog(), { connections: 1, execs: 1 });
});

test.serial('light hosts have no systemd but ssh, sudo and dnf, each at its own address', async t => {
  const hosts = await Promise.all(
    Array.from({ length: 10 }, async (_, i) => {
      const host = await startLightHost({ name: `light${i}` });
      t.teardown(() => host.stop());
      return host;
    }),
  );
  t.is(new Set(hosts.map(host => host.address)).size, hosts.length);
  const answers = await Promise.all(hosts.map(host => ssh(t, host, 'ops', 'hostname; ps -o comm= -p 1')));
  t.deepEqual(
    answers.map(answer => answer.stdout),
    hosts.map(host => `${host.name}\nsshd`),
  );
  const [host] = hosts;
  const installed = host && (await ssh(t, host, 'ops', 'sudo -n dnf -y -q install vdsm-hook-vhostmd'));
  t.is(installed?.exitCode, 0, installed?.stderr);
});
