import test, { type ExecutionContext } from 'ava';
import { Secret } from '../../src/core/secret.ts';
import { type Sh, sh } from '../../src/core/sh.ts';
import { isFault } from '../remote/fault-cases.ts';
import { hostError } from '../remote/faults.ts';
import type { LabHost } from './host.ts';
import { boot } from './in-test.ts';
import { login } from './login.ts';
import { restartSshd } from './restart-sshd.ts';

const OPTIONS = { become: false, timeoutSeconds: 60, stopAtFailure: false };

const AWKWARD = "it's `date` $HOME $x $(id) !! !$ \\ \\n %s ~ {a,b} [*] # ü\n";

async function refusal(t: ExecutionContext, host: LabHost, shellMs = 20_000, user = 'ops') {
  const session = await login(t, host, { user }, { shellMs });
  const error = await hostError(t, session.run([sh`id -u`], OPTIONS));
  session.close();
  return error;
}

test('[csh-fish] [chatter] sh, bash, tcsh and fish as login shell, with start-up files that print', async t => {
  const host = await boot(t);
  await host.exec(`mkdir -p /home/ops/.config/fish
    echo 'echo hello; echo hello >&2' | tee /home/ops/.bashrc /home/ops/.config/fish/config.fish
    printf 'echo hello\\nsh -c "echo hello >&2"\\nset prompt = "> "\\nset history = 100\\n' >/home/ops/.tcshrc`);
  for (const shell of ['/bin/sh', '/bin/bash', '/bin/tcsh', '/usr/bin/fish']) {
    await host.exec(['usermod', '-s', shell, 'ops']);
    const session = await login(t, host);
    for (const become of [false, true]) {
      const scripts: readonly (readonly [Sh, string])[] = [
        [sh`printf %s ${AWKWARD}`, AWKWARD],
        [sh`printf %s ${AWKWARD.repeat(200)}`, AWKWARD.repeat(200)],
        [sh`printf %s ${AWKWARD.repeat(5000)}`, AWKWARD.repeat(5000)],
        [sh`printf %s ${new Secret(AWKWARD)}`, AWKWARD],
      ];
      for (const [fragment, stdout] of scripts) {
        const replies = await session.run([fragment, sh`exit 7`], { ...OPTIONS, become });
        t.deepEqual(replies, [
          { stdout, stderr: '', exitCode: 0 },
          { stdout: '', stderr: '', exitCode: 7 },
        ]);
      }
    }
    session.close();
  }
});

test('a login shell that runs no script is named, and what it lacks', async t => {
  const host = await boot(t);
  for (const [shell, id] of [
    ['/usr/sbin/nologin', 'nologin'],
    ['/bin/rbash', 'restricted'],
    ['/bin/false', 'forced-command'],
  ] as const) {
    await host.exec(['usermod', '-s', shell, 'ops']);
    isFault(t, id, await refusal(t, host));
  }
  await host.exec('usermod -s /bin/bash ops; mkdir /opt/bin; echo PATH=/opt/bin >/home/ops/.bashrc');
  for (const [program, id] of [
    ['sh', 'no-sh'],
    ['base64', 'no-base64'],
    ['timeout', 'no-timeout'],
  ] as const) {
    await host.exec(
      `rm -f /opt/bin/*; for one in sh base64 timeout; do [ $one = ${program} ] || ln -s /usr/bin/$one /opt/bin; done`,
    );
    isFault(t, id, await refusal(t, host));
  }
  await host.exec('echo sleep 60 >/home/ops/.bashrc');
  isFault(t, 'shell-hangs', await refusal(t, host, 1000));
  await host.exec('echo yes >/home/ops/.bashrc');
  isFault(t, 'shell-floods', await refusal(t, host, 1000));
  await host.exec('pkill -KILL -u ops');
});

test('a ForceCommand and an expired password are told', async t => {
  const host = await boot(t);
  await restartSshd(host, 'zz.conf', 'Match User ops\n  ForceCommand internal-sftp\n');
  isFault(t, 'sftp-only', await refusal(t, host));
  await restartSshd(host, 'zz.conf', 'Match User ops\n  ForceCommand echo no\n');
  isFault(t, 'forced-command', await refusal(t, host));
  await restartSshd(host, 'zz.conf', 'Match User ops\n  ForceCommand sh -c "$SSH_ORIGINAL_COMMAND"\n');
  const session = await login(t, host);
  t.is((await session.run([sh`id -u`], { ...OPTIONS, become: true }))[0]?.stdout, '0\n');
  session.close();
  await restartSshd(host, 'zz.conf', '');
  await restartSshd(host, 'aa.conf', 'UsePAM yes\n');
  await host.exec('echo ops:pw | chpasswd; chage -d 0 ops');
  isFault(t, 'password-expired', await refusal(t, host));
});

test('a limit of processes is told', async t => {
  const host = await boot(t);
  await restartSshd(host, 'aa.conf', 'UsePAM yes\n');
  // The kernel counts by number, over all hosts of the lab.
  const uid = 100_000 + host.pid;
  await host.exec(`useradd -m -s /bin/sh -u ${uid} few; usermod -p '*' few
    cp /etc/ssh/authorized_keys/ops /etc/ssh/authorized_keys/few`);
  for (const [processes, id] of [
    [2, 'process-limit'],
    [0, 'no-exec'],
  ] as const) {
    await host.exec(`echo 'few hard nproc ${processes}' >/etc/security/limits.d/few.conf`);
    isFault(t, id, await refusal(t, host, 20_000, 'few'), 'few');
  }
});
