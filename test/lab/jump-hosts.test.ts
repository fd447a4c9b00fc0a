import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { HostError } from '../../src/core/failure.ts';
import { sh } from '../../src/core/sh.ts';
import { knownAs, labHost, labRemote, PLAIN } from './remote.ts';
import { nameOn, startSshd } from './sshd.ts';

const DEFAULT_LIMITS = 'MaxStartups 10:30:100\nMaxSessions 10\n';

/** Listened to on addresses that no lab host has. */
function freePort(number: number): number {
  return 20_000 + (process.pid % 5000) * 2 + number;
}

test('a host that only the jump host knows is reached through it, by one connection to each', async t => {
  const [bastion, hidden] = await Promise.all([
    startSshd(t, { name: 'bastion' }),
    startSshd(t, { name: 'hidden' }),
  ]);
  await nameOn(bastion, { 'hidden.behind': hidden.address });
  const { reach } = await labRemote(t, {
    known: [...knownAs([bastion.address], bastion), ...knownAs(['hidden.behind'], hidden)],
  });
  t.is(await reach(labHost('hv', 'hidden.behind', { jump: `ops@${bastion.address}` })), 'in');
  t.deepEqual(
    [await bastion.sshLog(), await hidden.sshLog()],
    [
      { connections: 1, execs: 0 },
      { connections: 1, execs: 1 },
    ],
  );
});

test('several jump hosts are passed in their order, each as its own user and port', async t => {
  const [first, second, hidden] = await Promise.all([
    startSshd(t, { name: 'first', settings: 'Port 22\nPort 2200\n' }),
    startSshd(t, { name: 'second' }),
    startSshd(t, { name: 'hidden' }),
  ]);
  await nameOn(first, { 'second.behind': second.address });
  await nameOn(second, { 'hidden.behind': hidden.address });
  const { reach } = await labRemote(t, {
    known: [
      ...knownAs([`[${first.address}]:2200`], first),
      ...knownAs(['second.behind'], second),
      ...knownAs(['hidden.behind'], hidden),
    ],
  });
  const jump = `root@${first.address}:2200,nosudo@second.behind`;
  t.is(await reach(labHost('hv', 'hidden.behind', { jump })), 'in');
  t.regex(await first.sshLogText(), /Accepted publickey for root /);
  t.regex(await second.sshLogText(), /Accepted publickey for nosudo /);
  t.regex(await hidden.sshLogText(), /Accepted publickey for ops /);
});

test('ssh_config names the jump host, and how it is reached itself', async t => {
  const [outer, inner, hidden] = await Promise.all(
    ['outer', 'inner', 'hidden'].map(name => startSshd(t, { name })),
  );
  if (!outer || !inner || !hidden) {
    throw new Error('not all hosts are up');
  }
  await nameOn(outer, { 'inner.behind': inner.address });
  const { reach } = await labRemote(t, {
    config: [
      'Host hv-*',
      `  HostName ${hidden.address}`,
      '  ProxyJump inner',
      'Host inner',
      '  HostName inner.behind',
      '  User nosudo',
      '  ProxyJump outer',
      'Host outer',
      `  HostName ${outer.address}`,
      '  User root',
      '',
    ].join('\n'),
    known: [
      ...knownAs([outer.address], outer),
      ...knownAs(['inner.behind'], inner),
      ...knownAs([hidden.address], hidden),
    ],
  });
  t.is(await reach(labHost('hv-1', 'hv-1')), 'in');
  t.regex(await outer.sshLogText(), /Accepted publickey for root /);
  t.regex(await inner.sshLogText(), /Accepted publickey for nosudo /);
});

test('a jump host is an IPv6 address in brackets, too', async t => {
  const port = freePort(0);
  const bastion = await startSshd(t, { name: 'bastion', settings: `ListenAddress [::1]:${port}\n` });
  const { reach } = await labRemote(t, {
    known: [...knownAs([`[::1]:${port}`], bastion), ...knownAs([bastion.address], bastion)],
  });
  t.is(await reach(labHost('hv', bastion.address, { jump: `ops@[::1]:${port}` })), 'in');
});

test('100 hosts behind one jump host with the default limits of sshd share one connection', async t => {
  const port = freePort(1);
  const addresses = Array.from({ length: 100 }, (_, i) => `127.77.0.${i + 1}`);
  const [bastion, farm] = await Promise.all([
    startSshd(t, { name: 'bastion', settings: DEFAULT_LIMITS }),
    startSshd(t, { name: 'farm', settings: `ListenAddress 0.0.0.0:${port}\n` }),
  ]);
  const { reach } = await labRemote(t, {
    known: [
      ...knownAs([bastion.address], bastion),
      ...knownAs(
        addresses.map(address => `[${address}]:${port}`),
        farm,
      ),
    ],
  });
  const jump = `ops@${bastion.address}`;
  const ends = await Promise.all(addresses.map(one => reach(labHost(one, one, { port, jump }))));
  t.deepEqual(
    ends.map(String),
    addresses.map(() => 'in'),
  );
  t.is((await bastion.sshLog()).connections, 1);
});

test('of 100 logins at once, an sshd with the default MaxStartups refuses none', async t => {
  const host = await startSshd(t, { settings: DEFAULT_LIMITS });
  const { reach } = await labRemote(t, { known: knownAs([host.address], host), limits: { tries: 1 } });
  const ends = await Promise.all(
    Array.from({ length: 100 }, (_, i) => reach(labHost(`h${i}`, host.address))),
  );
  t.deepEqual(
    ends.map(String),
    ends.map(() => 'in'),
  );
  t.notRegex(await host.sshLogText(), /MaxStartups|drop connection/);
});

test('what keeps a jump host from being reached is the same error for all hosts behind it', async t => {
  const [bastion, hidden] = await Promise.all([
    startSshd(t, { name: 'bastion' }),
    startSshd(t, { name: 'hidden' }),
  ]);
  const known = knownAs([hidden.address], hidden);
  const of = async (jump: string, known: readonly string[]) => {
    const { reach } = await labRemote(t, { known, limits: { tries: 2 } });
    const hosts = ['hv-1', 'hv-2', 'hv-3'].map(name => labHost(name, hidden.address, { jump }));
    const ends = await Promise.all(hosts.map(reach));
    const told = ends.map(end =>
      end instanceof HostError ? `${end.outcome} ${end.failure.kind} ${end.failure.message}` : end,
    );
    t.is(new Set(told).size, 1, told.join('\n'));
    return told[0] ?? '';
  };
  t.regex(
    await of(`ops@${bastion.address}:9`, known),
    /^unreachable refused the jump host [\d.]+ \(port 9\) refused the connection \(tried 2 times\)$/,
  );
  t.regex(
    await of('no-such-bastion.invalid', known),
    /^unreachable name no address is known for the jump host no-such-bastion\.invalid$/,
  );
  t.regex(
    await of(`ops@${bastion.address}`, known),
    /^unreachable host-key-unknown the key of the jump host [\d.]+ is not in known_hosts/,
  );
  t.regex(
    await of(`stranger@${bastion.address}`, [...known, ...knownAs([bastion.address], bastion)]),
    /^unreachable authentication stranger cannot log in on the jump host [\d.]+;/,
  );
  t.is((await hidden.sshLog()).connections, 0);
});

test('a jump host that does not forward is named', async t => {
  const bastion = await startSshd(t, { name: 'bastion', settings: 'AllowTcpForwarding no\n' });
  const { reach } = await labRemote(t, { known: knownAs([bastion.address], bastion) });
  const end = await reach(labHost('hv', bastion.address, { jump: `root@${bastion.address}` }));
  t.true(end instanceof HostError);
  const { outcome, failure } = end as HostError;
  t.deepEqual([outcome, failure.kind], ['unreachable', 'jump-host']);
  t.regex(failure.message, /^the jump host [\d.]+ does not forward connections/);
  t.regex(failure.hint ?? '', /AllowTcpForwarding/);
});

test('what keeps a host behind a jump host from being reached is told of the host', async t => {
  const bastion = await startSshd(t, { name: 'bastion' });
  const { reach } = await labRemote(t, {
    known: knownAs([bastion.address], bastion),
    limits: { tries: 2, greetingMs: 3000 },
  });
  const jump = `ops@${bastion.address}`;
  const ends = await Promise.all([
    reach(labHost('hv-1', bastion.address, { port: 9, jump })),
    reach(labHost('hv-2', 'no-such-host.invalid', { jump })),
    reach(labHost('hv-3', bastion.address, { jump: `nosudo@${bastion.address}`, user: 'stranger' })),
  ]);
  const told = ends.map(end => (end instanceof HostError ? `${end.failure.kind}: ${end.message}` : end));
  t.regex(
    told[0] ?? '',
    /^refused: the host \(port 9, behind [\d.]+\) refused the connection \(tried 2 times\)$/,
  );
  t.regex(told[1] ?? '', /^name: no address is known for no-such-host\.invalid$/);
  t.regex(told[2] ?? '', /^authentication: stranger cannot log in on the host \(behind [\d.]+\);/);
});

test('a jump host that dies takes the sessions behind it along, and is connected to again for later hosts', async t => {
  const [bastion, hidden] = await Promise.all([
    startSshd(t, { name: 'bastion' }),
    startSshd(t, { name: 'hidden' }),
  ]);
  const { remote, reach } = await labRemote(t, {
    known: [...knownAs([bastion.address], bastion), ...knownAs([hidden.address], hidden)],
  });
  const host = labHost('hv', hidden.address, { jump: `ops@${bastion.address}` });
  const sessions = await Promise.all([1, 2, 3].map(() => remote.connect(host)));
  const began: unknown[] = [];
  const running = sessions.map(session =>
    session.run([sh`:`, sh`sleep 60`], { ...PLAIN, timeoutSeconds: 90, onSection: () => began.push(1) }),
  );
  const ends = Promise.allSettled(running);
  while (began.length < 3) {
    await sleep(20);
  }
  await bastion.exec('pkill -KILL -f "^sshd: ops"');
  for (const end of await ends) {
    const error = end.status === 'rejected' ? end.reason : undefined;
    t.true(error instanceof HostError, String(error));
    t.is(error.failure.kind, 'connection-lost');
    t.regex(error.message, /the connection to the jump host [\d.]+ was lost/);
  }
  t.is(await reach(host), 'in');
  t.is((await bastion.sshLog()).connections, 2);
});

test('a jump host that freezes is found out by keepalives', async t => {
  const [bastion, hidden] = await Promise.all([
    startSshd(t, { name: 'bastion' }),
    startSshd(t, { name: 'hidden' }),
  ]);
  const { remote } = await labRemote(t, {
    known: [...knownAs([bastion.address], bastion), ...knownAs([hidden.address], hidden)],
    keepaliveMs: 300,
  });
  const session = await remote.connect(labHost('hv', hidden.address, { jump: `ops@${bastion.address}` }));
  await session.run([sh`:`], PLAIN);
  await bastion.exec('pkill -STOP -f "^sshd: ops"');
  const error = await t.throwsAsync(session.run([sh`:`], PLAIN), { instanceOf: HostError });
  t.is(error?.failure.kind, 'connection-lost');
});

test('jump hosts that lead in a circle are refused before anything is connected', async t => {
  const bastion = await startSshd(t, { name: 'bastion' });
  const { reach } = await labRemote(t, {
    config: `Host a\n HostName ${bastion.address}\n ProxyJump b\nHost b\n HostName ${bastion.address}\n Port 2\n ProxyJump a\n`,
    known: [],
  });
  const told = async (host: ReturnType<typeof labHost>) => {
    const end = await reach(host);
    return end instanceof HostError ? `${end.failure.kind}: ${end.message}` : end;
  };
  t.regex(
    await told(labHost('hv', '127.0.0.1', { jump: 'a' })),
    /^jump-host: the jump hosts lead in a circle: a <- b <- a$/,
  );
  const self = `ops@${bastion.address}`;
  t.regex(await told(labHost('hv', bastion.address, { jump: self })), /^jump-host: .*in a circle/);
  t.is((await bastion.sshLog()).connections, 0);
});

test('large scripts and large replies come through a jump host whole', async t => {
  const [bastion, hidden] = await Promise.all([
    startSshd(t, { name: 'bastion' }),
    startSshd(t, { name: 'hidden' }),
  ]);
  const { remote } = await labRemote(t, {
    known: [...knownAs([bastion.address], bastion), ...knownAs([hidden.address], hidden)],
  });
  const session = await remote.connect(labHost('hv', hidden.address, { jump: `ops@${bastion.address}` }));
  t.teardown(() => session.close());
  const text = 'x'.repeat(8_000_000);
  const sections = await session.run(
    [sh`printf %s ${text} | wc -c`, sh`head -c 8000000 /dev/zero | tr '\0' y`],
    PLAIN,
  );
  t.is(sections[0]?.stdout.trim(), '8000000');
  t.is(sections[1]?.stdout, 'y'.repeat(8_000_000));
});
