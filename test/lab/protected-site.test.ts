/** Hosts that are other than usual: access control is on already, the daemon is down or does not come up again. */
import test from 'ava';
import { daemonPid, guestPids, restartLibvirtd, until, untilLibvirtAnswers, virsh } from './libvirt.ts';
import { bootProtection, FREE, OPERATOR, PROTECTED, putRule, settings, virshAs } from './protected-fleet.ts';

const CONF = '/etc/libvirt/libvirtd.conf';

/** The rule with which a site grants everything to its own group. */
const GRANT = `if (action.id.indexOf('org.libvirt.api.') === 0 && subject.isInGroup('libvirt')) {
    return polkit.Result.YES;
  }`;

test.serial('where access control is on already, only the refusals are added, without a restart', async t => {
  const { host, keep } = await bootProtection(t);
  await putRule(host, '50-site.rules', GRANT);
  // In the second after: a daemon as old as its file is taken for one that may not have read it.
  await host.exec(`echo 'access_drivers = [ "polkit" ]' >> ${CONF}; sleep 1.1`);
  await restartLibvirtd(host);
  const before = await settings(host);
  const daemon = await daemonPid(host);
  const applied = await keep('apply', [PROTECTED]);
  t.is(applied.exitCode, 0, applied.output);
  t.is(await daemonPid(host), daemon);
  t.regex((await virshAs(host, OPERATOR, 'destroy', PROTECTED)).stderr, /access denied/);
  t.is((await virshAs(host, OPERATOR, 'destroy', FREE)).exitCode, 0);

  t.is((await keep('apply', [])).exitCode, 0);
  t.deepEqual(await settings(host), before);
  t.is(await daemonPid(host), daemon);
  t.is((await virshAs(host, OPERATOR, 'destroy', PROTECTED)).exitCode, 0);
});

test.serial('a libvirtd that does not run is not started; its next start protects', async t => {
  const { host, keep } = await bootProtection(t);
  await host.exec(`useradd -m late; usermod -aG libvirt late
    systemctl stop libvirtd.socket libvirtd-ro.socket libvirtd-admin.socket libvirtd.service`);
  const guests = await guestPids(host);
  const applied = await keep('apply', [PROTECTED]);
  t.is(applied.exitCode, 0, applied.output);
  t.is(await daemonPid(host), '0');
  await host.exec('systemctl start libvirtd.service');
  await untilLibvirtAnswers(host);
  t.regex((await virshAs(host, OPERATOR, 'destroy', PROTECTED)).stderr, /access denied/);
  t.is((await virshAs(host, 'late', 'reset', FREE)).exitCode, 0);
  t.is((await keep('check', [PROTECTED])).exitCode, 0);
  t.deepEqual(await guestPids(host), guests);
});

test.serial('a daemon that does not start with access control is started again without it', async t => {
  const { host, keep } = await bootProtection(t);
  await host.exec(`
    mkdir -p /run/systemd/system/libvirtd.service.d
    printf '[Service]\\nExecStartPre=/bin/sh -c "! grep -q ^access_drivers ${CONF}"\\n' \\
      > /run/systemd/system/libvirtd.service.d/lab.conf
    systemctl daemon-reload`);
  const before = await settings(host);
  const guests = await guestPids(host);
  const failed = await keep('apply', [PROTECTED]);
  t.deepEqual([failed.exitCode, failed.outcome], [1, 'failed'], failed.output);
  t.deepEqual(await settings(host), before);
  t.deepEqual(await guestPids(host), guests);
  t.is((await virsh(host, 'list')).exitCode, 0, 'libvirtd answers');
  t.is((await virshAs(host, OPERATOR, 'reset', PROTECTED)).exitCode, 0);
});

test.serial(
  'a run that is killed during the restart locks nobody out, and the next one finishes',
  async t => {
    const { host, control, keep } = await bootProtection(t);
    t.is((await keep('check', [PROTECTED])).exitCode, 3);
    await host.exec(`
    mkdir -p /run/systemd/system/libvirtd.service.d
    printf '[Service]\\nExecStartPre=/bin/sleep 5\\n' > /run/systemd/system/libvirtd.service.d/lab.conf
    systemctl daemon-reload`);
    const guests = await guestPids(host);
    const run = control.start('apply', 'site.yml', '-i', 'hosts.ini');
    const state = async () => (await host.exec('systemctl show -P ActiveState libvirtd')).stdout.trim();
    await until(async () => (await state()) === 'activating', 'the restart');
    run.kill('SIGKILL');
    await run;
    await host.exec('rm /run/systemd/system/libvirtd.service.d/lab.conf; systemctl daemon-reload');
    await untilLibvirtAnswers(host);
    t.is((await virshAs(host, OPERATOR, 'reset', FREE)).exitCode, 0);

    await until(async () => (await keep('apply', [PROTECTED])).exitCode === 0, 'the next run to succeed');
    t.regex((await virshAs(host, OPERATOR, 'reset', PROTECTED)).stderr, /access denied/);
    t.is((await virshAs(host, OPERATOR, 'reset', FREE)).exitCode, 0);
    t.deepEqual(await guestPids(host), guests);
    t.is((await host.exec('ls -d /run/hookfleet.?????? 2>/dev/null || true')).stdout, '');
  },
);

test.serial(
  'every group of operators keeps its rights, and a user who has others stops the host',
  async t => {
    const { host, keep } = await bootProtection(t);
    await host.exec('groupadd cloud; useradd -m -G cloud carla; useradd -m -G cloud mona');
    await putRule(
      host,
      '70-cloud.rules',
      `if (action.id === 'org.libvirt.unix.manage' && subject.isInGroup('cloud')) {
    return polkit.Result.YES;
  }`,
    );
    t.is((await virshAs(host, 'carla', 'reset', FREE)).exitCode, 0);
    const before = await settings(host);
    const refused = await keep('apply', [PROTECTED]);
    t.deepEqual([refused.exitCode, refused.outcome], [1, 'failed'], refused.output);
    t.regex(refused.error, /carla/);
    t.regex(refused.error, /mona/);
    t.deepEqual(await settings(host), before);

    const applied = await keep('apply', [PROTECTED], { operators: ['libvirt', 'cloud'] });
    t.is(applied.exitCode, 0, applied.output);
    for (const user of [OPERATOR, 'carla']) {
      t.is((await virshAs(host, user, 'reset', FREE)).exitCode, 0);
      t.regex((await virshAs(host, user, 'reset', PROTECTED)).stderr, /access denied/);
    }
  },
);

test.serial(
  'a host whose libvirtd listens on the network is refused: such clients have no identity',
  async t => {
    const { host, keep } = await bootProtection(t);
    await host.exec(`
    mkdir -p /run/systemd/system/libvirtd-tcp.socket.d
    printf '[Socket]\\nListenStream=\\nListenStream=${host.address}:16509\\n' \\
      > /run/systemd/system/libvirtd-tcp.socket.d/lab.conf
    systemctl daemon-reload; systemctl stop libvirtd.service; systemctl start libvirtd-tcp.socket libvirtd.service`);
    await untilLibvirtAnswers(host);
    const before = await settings(host);
    const refused = await keep('apply', [PROTECTED]);
    t.deepEqual([refused.exitCode, refused.outcome], [1, 'failed'], refused.output);
    t.regex(refused.error, /libvirtd-tcp\.socket|network|TCP/);
    t.deepEqual(await settings(host), before);
  },
);

test.serial('a daemon that systemd would not start again is not stopped', async t => {
  const { host, keep } = await bootProtection(t);
  await host.exec('systemctl mask --runtime libvirtd.service');
  const before = { files: await settings(host), daemon: await daemonPid(host) };
  const failed = await keep('apply', [PROTECTED]);
  t.deepEqual([failed.exitCode, failed.outcome], [1, 'failed'], failed.output);
  t.regex(failed.error, /masked.*left alone; nothing was changed/);
  t.deepEqual({ files: await settings(host), daemon: await daemonPid(host) }, before);
  t.is((await virshAs(host, OPERATOR, 'reset', PROTECTED)).exitCode, 0);
});

test.serial('the grants are not taken away while libvirt would go on asking for them', async t => {
  const { host, keep } = await bootProtection(t);
  t.is((await keep('apply', [PROTECTED])).exitCode, 0);
  await host.exec(`sed -i 's/^access_drivers.*/access_drivers = [ "polkit" ] # ours/' ${CONF}`);
  const refused = await keep('apply', []);
  t.deepEqual([refused.exitCode, refused.outcome], [1, 'failed'], refused.output);
  t.regex(refused.error, /was edited since/);
  t.is((await virshAs(host, OPERATOR, 'reset', FREE)).exitCode, 0);

  await host.exec(`sed -i 's/^access_drivers.*/access_drivers=["polkit"]/' ${CONF}`);
  const removed = await keep('apply', []);
  t.is(removed.exitCode, 0, removed.output);
  t.is((await virshAs(host, OPERATOR, 'reset', PROTECTED)).exitCode, 0);
});

test.serial('an operator who is not let in proves nothing', async t => {
  const { host, keep } = await bootProtection(t);
  t.is((await keep('apply', [PROTECTED])).exitCode, 0);
  await putRule(
    host,
    '!site.rules',
    `if (action.id === 'org.libvirt.unix.manage' && subject.user === '${OPERATOR}') { return polkit.Result.NO; }`,
  );
  const { exitCode, stdout } = await host.exec(
    `cp ${CONF} /root/conf; sed -i '/^access_drivers/d' ${CONF}; systemctl restart libvirtd; sleep 1.1; cp /root/conf ${CONF}`,
  );
  t.is(exitCode, 0, stdout);
  await untilLibvirtAnswers(host);
  const seen = await keep('check', [PROTECTED]);
  t.deepEqual([seen.exitCode, seen.changes], [3, ['restart libvirtd']], seen.output);
});
