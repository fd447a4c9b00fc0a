import { readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import test from 'ava';
import type { RunEvent } from '../../src/core/event.ts';
import type { HostResult } from '../../src/core/host-result.ts';
import { Secret } from '../../src/core/secret.ts';
import { sh } from '../../src/core/sh.ts';
import { connect } from '../../src/remote/connect.ts';
import { knownHostsOf } from '../../src/remote/host-keys/known-hosts.ts';
import { identitiesOf } from '../../src/remote/login/identities.ts';
import { type BoundResource, bind } from '../../src/resources/bound.ts';
import { repositoryResource } from '../../src/resources/package/repository.ts';
import type {
  RepositoryKey,
  RepositoryPresent,
  RepositoryWanted,
} from '../../src/resources/package/repository-wanted.ts';
import { run } from '../../src/run/run.ts';
import type { LabHost } from './host.ts';
import { boot } from './in-test.ts';
import { labKeys, writeKnownHosts } from './keys.ts';

const PACKAGE = 'vdsm-hook-sitelog';
const REPO_FILE = 'etc/yum.repos.d/site-hooks.repo';
const KEY_FILE = 'etc/pki/rpm-gpg/hookfleet-site-hooks';

interface Worked extends HostResult {
  /** Everything that the run told anybody. */
  readonly told: string;
}

/** A package as dnf itself installs it, without a word of hookfleet's: what a repository lets through is told by dnf. */
function plainDnf(name: string): BoundResource {
  const change = { resource: 'package', id: name, action: 'install', before: null, after: name };
  return {
    kind: 'package',
    probe: sh`rpm -q ${name} >/dev/null`,
    plan: ({ exitCode }) => ({
      changes: exitCode === 0 ? [] : [change],
      blocked: [],
      notes: [],
      steps: () => [
        { title: 'install', script: sh`dnf -y install ${name}`, timeoutSeconds: 60, changes: [change] },
      ],
    }),
  };
}

/** Brings a host to the repositories, and to a package where one is named. */
async function work(
  host: LabHost,
  apply: boolean,
  wanted: readonly RepositoryWanted[],
  packageName?: string,
): Promise<Worked> {
  const known = join(labKeys().privateKeyFile, `../known-${host.address}`);
  await writeKnownHosts([host], known);
  const knownHosts = knownHostsOf({ files: [known] });
  const events: RunEvent[] = [];
  const result = await run(
    {
      command: apply ? 'apply' : 'check',
      apply,
      forks: 1,
      holder: 'a test',
      runId: 'r1',
      lockWaitSeconds: 60,
      plays: [
        {
          name: 'repositories',
          become: true,
          serial: [],
          budget: { maxFailPercentage: 0, maxFailed: null },
          pauseMs: 0,
          confirm: false,
          hosts: [
            {
              name: host.name,
              address: host.address,
              port: 22,
              user: 'ops',
              privateKeyFile: labKeys().privateKeyFile,
            },
          ],
          resourcesOf: () => [
            bind(repositoryResource, wanted),
            ...(packageName ? [plainDnf(packageName)] : []),
          ],
        },
      ],
    },
    {
      connect: one => connect(one, { knownHosts, identities: identitiesOf() }),
      report: event => events.push(event),
      interrupt: { stop: new AbortController().signal, abort: new AbortController().signal },
    },
  );
  const worked = result.hosts.get(host.name);
  if (worked === undefined) {
    throw new Error('the run has lost the host');
  }
  return { ...worked, told: JSON.stringify([events, worked]) };
}

const apply = (host: LabHost, wanted: readonly RepositoryWanted[], packageName?: string) =>
  work(host, true, wanted, packageName);
const check = (host: LabHost, wanted: readonly RepositoryWanted[]) => work(host, false, wanted);

async function keyFile(host: LabHost, name: string): Promise<RepositoryKey> {
  const armored = await readFile(join(host.root, `srv/signed/${name}.asc`), 'utf8');
  return { from: 'file', file: `files/${name}.asc`, armored };
}

async function fingerprint(host: LabHost, name: string): Promise<string> {
  const { stdout } = await host.exec(`gpg --show-keys --with-colons /srv/signed/${name}.asc 2>/dev/null`);
  return /^fpr:+([0-9A-F]{40}):/m.exec(stdout)?.[1] ?? '';
}

function repository(folder: string, more: Partial<RepositoryPresent> = {}): RepositoryPresent {
  return {
    id: 'site-hooks',
    state: 'present',
    baseurl: [`file:///srv/signed/${folder}`],
    ...more,
  };
}

async function isInstalled(host: LabHost): Promise<boolean> {
  return (await host.exec(['rpm', '-q', PACKAGE], { reject: false })).exitCode === 0;
}

async function exists(host: LabHost, path: string): Promise<boolean> {
  return stat(join(host.root, path)).then(
    () => true,
    () => false,
  );
}

/** The options of the host's repositories as the real dnf reads them. */
async function readWithDnf(host: LabHost): Promise<Record<string, Record<string, unknown>>> {
  await writeFile(join(host.root, 'var/tmp/read.py'), READ_WITH_DNF);
  return JSON.parse((await host.exec('python3 /var/tmp/read.py')).stdout);
}

const READ_WITH_DNF = `
import dnf, json
base = dnf.Base()
base.conf.read()
base.conf.substitutions.update_from_etc('/')
base.read_all_repos()
plain = lambda value: value if isinstance(value, (str, int, bool, type(None))) else list(value)
options = ['name', 'baseurl', 'username', 'password', 'proxy', 'includepkgs', 'excludepkgs', 'gpgkey', 'gpgcheck',
    'enabled', 'priority', 'module_hotfixes', 'metadata_expire', 'sslcacert']
print(json.dumps({r.id: {o: plain(getattr(r, o)) for o in options} for r in base.repos.all()}))
`;

const asText = ({ changes }: HostResult) => changes.map(({ action, id }) => `${action} ${id}`);

test('a signed package comes from a repository that the same run has added, and a second run finds nothing to do', async t => {
  const host = await boot(t);
  const wanted = [repository('signed', { key: await keyFile(host, 'good') })];
  const good = await fingerprint(host, 'good');
  t.deepEqual(asText(await check(host, wanted)), [
    'write site-hooks gpgkey',
    'import site-hooks gpgkey',
    'add site-hooks',
  ]);
  t.false(await exists(host, REPO_FILE));

  const first = await apply(host, wanted, PACKAGE);
  t.is(first.outcome, 'changed', JSON.stringify(first.error));
  t.true(await isInstalled(host));
  t.like(first.changes, [
    { after: good },
    { before: null, after: good },
    { after: 'file:///srv/signed/signed' },
  ]);
  t.deepEqual(first.notes, []);
  t.is((await stat(join(host.root, REPO_FILE))).mode & 0o777, 0o644);
  t.regex(await readFile(join(host.root, REPO_FILE), 'utf8'), /^# Written by hookfleet/);

  await host.resetSshLog();
  const second = await apply(host, wanted, PACKAGE);
  t.like(second, { outcome: 'ok', changes: [] });
  t.like(await host.sshLog(), { execs: 1 });

  // Another place under the same id: the next transaction sees what is there, not what was.
  await host.exec(['rpm', '-e', PACKAGE]);
  const moved = await apply(host, [repository('signed-next', { key: await keyFile(host, 'good') })], PACKAGE);
  t.deepEqual(asText(moved), ['set site-hooks baseurl', `install ${PACKAGE}`]);
  t.is((await host.exec(['rpm', '-q', PACKAGE])).stdout.trim(), `${PACKAGE}-1.1-1.noarch`);
});

test('an rpm without a signature, one signed with another key, and a key that has expired: each says so, and nothing is installed', async t => {
  const host = await boot(t);
  const key = await keyFile(host, 'good');
  const unsigned = await apply(host, [repository('unsigned', { key })], PACKAGE);
  t.is(unsigned.outcome, 'failed');
  t.regex(`${unsigned.error?.message} ${unsigned.error?.stderr}`, /not signed/);
  t.false(await isInstalled(host));

  const other = await apply(host, [repository('wrongkey', { key })], PACKAGE);
  t.is(other.outcome, 'failed');
  t.regex(
    `${other.error?.message} ${other.error?.stderr}`,
    /GPG keys listed for the "site-hooks" repository are already installed but they are not correct/,
  );
  t.false(await isInstalled(host));

  const before = await readFile(join(host.root, REPO_FILE), 'utf8');
  const wanted = [repository('expired', { key: await keyFile(host, 'expired') })];
  const expired = await apply(host, wanted, PACKAGE);
  t.is(expired.outcome, 'failed');
  t.regex(
    expired.error?.message ?? '',
    /key of repository site-hooks \(files\/expired\.asc\) expired on 2020-01-11/,
  );
  t.truthy(expired.error?.hint);
  t.deepEqual(expired.changes, []);
  t.is(await readFile(join(host.root, REPO_FILE), 'utf8'), before);
  t.false(await isInstalled(host));
  t.like(await check(host, wanted), { outcome: 'drifted', changes: [{ before: 'expired on 2020-01-11' }] });

  // rpm itself would take it: only the check stands between.
  await host.exec(['rpm', '--import', '/srv/signed/expired.asc']);
  await writeFile(
    join(host.root, REPO_FILE),
    '[site-hooks]\nname=x\nbaseurl=file:///srv/signed/expired\ngpgcheck=1\n',
  );
  t.is((await apply(host, wanted, PACKAGE)).outcome, 'failed');
  t.false(await isInstalled(host));
  // Its owner has prolonged it: the old copy in rpm's database gives way.
  const renewed = await apply(
    host,
    [repository('expired', { key: await keyFile(host, 'renewed') })],
    PACKAGE,
  );
  t.is(renewed.outcome, 'changed', JSON.stringify(renewed.error));
  t.true(asText(renewed).includes('import site-hooks gpgkey'));
  t.true(await isInstalled(host));
});

test('without gpgcheck an unsigned rpm is installed, and every run warns', async t => {
  const host = await boot(t);
  const wanted = [repository('unsigned', { gpgcheck: false })];
  for (const outcome of ['changed', 'ok'] as const) {
    const worked = await apply(host, wanted, PACKAGE);
    t.is(worked.outcome, outcome);
    t.regex(worked.notes.join(), /site-hooks: gpgcheck is off/);
  }
  t.true(await isInstalled(host));
});

test('a key from a URL is compared before rpm or dnf sees it: another one, an expired one, one more or none changes nothing', async t => {
  const host = await boot(t);
  const read = (name: string) => readFile(join(host.root, `srv/signed/${name}.asc`), 'utf8');
  const [good, wrong, expired] = await Promise.all(['good', 'wrong', 'expired'].map(read));
  const answers: Record<string, string> = {
    '/good': `${good}`,
    '/wrong': `${wrong}`,
    '/expired': `${expired}`,
    '/more': `${good}${wrong}`,
    '/garbage': '<html>Please log in</html>',
  };
  const server = createServer((request, response) => {
    const answer = answers[request.url ?? ''];
    response.statusCode = answer === undefined ? 404 : 200;
    response.end(answer);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const from = (path: string, ...fingerprints: string[]) => [
    repository('signed', { key: { from: 'url', url: `${origin}${path}`, fingerprints } }),
  ];
  const wanted = await fingerprint(host, 'good');

  const refused: readonly (readonly [string, string, RegExp])[] = [
    ['/wrong', wanted, /another one: \S+\/wrong has [0-9A-F]{40}, and the playbook wants [0-9A-F]{40}/],
    ['/more', wanted, /another one/],
    ['/garbage', wanted, /has no key/],
    ['/nowhere', wanted, /cannot be fetched .*404/],
    ['/expired', await fingerprint(host, 'expired'), /expired on 2020-01-11/],
  ];
  for (const [path, fingerprints, message] of refused) {
    const worked = await apply(host, from(path, fingerprints), PACKAGE);
    t.is(worked.outcome, 'failed', path);
    t.regex(worked.error?.message ?? '', message);
    t.truthy(worked.error?.hint);
    t.deepEqual(worked.changes, []);
    t.false(
      (await exists(host, REPO_FILE)) || (await exists(host, KEY_FILE)) || (await isInstalled(host)),
      path,
    );
    t.is((await host.exec('rpm -q gpg-pubkey', { reject: false })).exitCode, 1, 'rpm trusts nobody');
    t.is((await host.exec('ls -A /run | grep -c hookfleet- || true')).stdout.trim(), '0');
  }

  const worked = await apply(host, from('/good', wanted), PACKAGE);
  t.is(worked.outcome, 'changed', JSON.stringify(worked.error));
  t.true(await isInstalled(host));
  const repo = (await readWithDnf(host))['site-hooks'];
  t.deepEqual(repo?.gpgkey, [`file:///${KEY_FILE}`], 'dnf is not told the URL');
  await host.resetSshLog();
  t.is((await apply(host, from('/good', wanted), PACKAGE)).outcome, 'ok');
  t.like(await host.sshLog(), { execs: 1 });

  answers['/good'] = `${wrong}`;
  t.is((await apply(host, from('/good', wanted), PACKAGE)).outcome, 'ok', 'what was compared stays');
  await host.exec(`cp /srv/signed/wrong.asc /${KEY_FILE}`);
  t.is((await apply(host, from('/good', wanted))).outcome, 'failed');
  answers['/good'] = `${good}`;
  t.is((await apply(host, from('/good', wanted))).outcome, 'changed');
});

test('an id that another file defines is refused with that file’s name, and neither file is touched', async t => {
  const host = await boot(t);
  const key = await keyFile(host, 'good');
  const folder = join(host.root, 'etc/yum.repos.d');
  await writeFile(
    join(folder, 'theirs.repo'),
    '# theirs\n  [site-hooks] \nname=theirs\nbaseurl=file:///srv/repo/lab\n',
  );
  const theirs = await apply(host, [repository('signed', { key })], PACKAGE);
  t.is(theirs.outcome, 'failed');
  t.is(theirs.error?.message, 'Repository site-hooks is defined in /etc/yum.repos.d/theirs.repo');
  t.deepEqual(theirs.changes, []);
  t.false((await exists(host, REPO_FILE)) || (await isInstalled(host)));
  t.regex(await readFile(join(folder, 'theirs.repo'), 'utf8'), /^# theirs/);
  t.is((await apply(host, [{ id: 'site-hooks', state: 'absent' }])).outcome, 'failed');
  await host.exec('mv /etc/yum.repos.d/theirs.repo /etc/yum.repos.d/redhat.repo');
  const redhat = await apply(host, [repository('signed', { key })], PACKAGE);
  t.regex(redhat.error?.message ?? '', /redhat\.repo, which belongs to subscription-manager/);
  t.regex(redhat.error?.hint ?? '', /subscription-manager repos --enable=site-hooks/);

  await host.exec('rm /etc/yum.repos.d/redhat.repo');
  const both = '[site-hooks]\nname=a\nbaseurl=file:///a\n[other]\nname=b\nbaseurl=file:///b\n';
  await writeFile(join(host.root, REPO_FILE), both);
  const shared = await apply(host, [repository('signed', { key })]);
  t.regex(shared.error?.message ?? '', /site-hooks\.repo .* defines other too/);
  t.is(await readFile(join(host.root, REPO_FILE), 'utf8'), both);
});

test('dnf reads every value back as it was meant: ids with dots, # and ; and quotes and blanks', async t => {
  const host = await boot(t);
  const wanted: RepositoryPresent = {
    id: 'site.hooks:el-9_x',
    state: 'present',
    name: ' "Site" # hooks; all of them ',
    baseurl: ['https://one.example.org/a#b;c', 'https://two.example.org/$basearch/x%2Cy?z=1'],
    enabled: false,
    key: await keyFile(host, 'good'),
    proxy: 'http://proxy.example.org:3128',
    username: '"quoted"',
    password: new Secret(' #p;a$s\\s=\'"'),
    sslcacert: '/etc/pki/site # ca.pem',
    priority: 7,
    includepkgs: ['vdsm-hook-*', '#odd', ';odd'],
    excludepkgs: ['vdsm-hook-[ab]?'],
    module_hotfixes: true,
    metadata_expire: '6h',
  };
  t.is((await apply(host, [wanted])).outcome, 'changed');
  t.deepEqual((await readWithDnf(host))[wanted.id], {
    name: ' "Site" # hooks; all of them ',
    baseurl: ['https://one.example.org/a#b;c', 'https://two.example.org/x86_64/x%2Cy?z=1'],
    enabled: false,
    gpgcheck: true,
    gpgkey: [`file:///etc/pki/rpm-gpg/hookfleet-${wanted.id}`],
    proxy: 'http://proxy.example.org:3128',
    username: '"quoted"',
    password: ' #p;a$s\\s=\'"',
    sslcacert: '/etc/pki/site # ca.pem',
    priority: 7,
    includepkgs: ['vdsm-hook-*', '#odd', ';odd'],
    excludepkgs: ['vdsm-hook-[ab]?'],
    module_hotfixes: true,
    metadata_expire: 21600,
  });
  t.is((await apply(host, [wanted])).outcome, 'ok');
  const { stdout, stderr } = await host.exec('dnf repolist --all 2>&1');
  t.regex(stdout, /^site\.hooks:el-9_x +"Site" # hooks; all of them +disabled/m);
  t.notRegex(stdout + stderr, /Bad id|failed loading/);
});

test('a password is for root’s eyes alone: not in what a run tells, not in an argument list, in a file of mode 0600', async t => {
  const host = await boot(t);
  const secret = 'Sesame-4711';
  const logins: string[] = [];
  const seen: string[] = [];
  const good = await readFile(join(host.root, 'srv/signed/good.asc'), 'utf8');
  const server = createServer(async (request, response) => {
    logins.push(request.headers.authorization ?? '');
    // While curl waits, everybody's argument lists lie open.
    seen.push(
      (await host.exec('cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ | tr "\\0" " "', { reject: false }))
        .stdout,
    );
    response.end(good);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const wanted = (password: string, url = `${origin}/key`): RepositoryWanted[] => [
    {
      id: 'site-hooks',
      state: 'present',
      baseurl: [`${origin}/hooks`],
      enabled: false,
      username: 'fleet',
      password: new Secret(password),
      key: { from: 'url', url, fingerprints: [GOOD] },
    },
  ];
  const GOOD = await fingerprint(host, 'good');
  const worked = await apply(host, wanted(secret));
  t.is(worked.outcome, 'changed', JSON.stringify(worked.error));
  t.deepEqual(logins, [`Basic ${Buffer.from(`fleet:${secret}`).toString('base64')}`]);
  t.regex(seen.join(), /curl/);
  t.notRegex(seen.join(), /Sesame/);
  const file = await stat(join(host.root, REPO_FILE));
  t.is(file.mode & 0o777, 0o600);
  t.is((await readWithDnf(host))['site-hooks']?.password, secret);

  t.like(await apply(host, wanted(secret)), { outcome: 'ok' });
  const changed = await check(host, wanted('Other-0815'));
  t.deepEqual(changed.changes, [
    {
      resource: 'repository',
      id: 'site-hooks password',
      action: 'set',
      before: '[redacted]',
      after: '[redacted]',
    },
  ]);
  await host.exec(`chmod 644 /${REPO_FILE}; rm /${KEY_FILE}`);
  t.deepEqual(asText(await check(host, wanted(secret))), ['write site-hooks gpgkey', 'mode site-hooks']);
  server.close();
  const unreachable = await apply(host, wanted(secret, 'http://127.0.0.1:9/key'));
  t.is(unreachable.outcome, 'failed');
  await host.exec('rm -r /etc/yum.repos.d; echo > /etc/yum.repos.d');
  const failed = await apply(host, wanted(secret, 'http://127.0.0.1:9/key'));
  t.is(failed.outcome, 'failed');
  const encoded = Buffer.from(secret).toString('base64').slice(0, 12);
  for (const { told } of [worked, changed, unreachable, failed]) {
    t.false(told.includes('Sesame') || told.includes('Other-0815') || told.includes(encoded));
  }
  t.notRegex(await host.sshLogText(), /Sesame/);
});

test('drift is what dnf would read otherwise: order, comments and spelling are not, a value, an option, a mode and a link are', async t => {
  const host = await boot(t);
  const wanted = [
    repository('signed', { key: await keyFile(host, 'good'), priority: 10, includepkgs: ['a', 'b'] }),
  ];
  t.is((await apply(host, wanted)).outcome, 'changed');
  const path = join(host.root, REPO_FILE);
  const written = await readFile(path, 'utf8');
  await writeFile(
    path,
    `[site-hooks]\n; the same\nincludepkgs = a,\n  b\nenabled=True\n\npriority = '10'\ngpgcheck: x\n${written
      .split('\n')
      .filter(line => /^(name|baseurl|gpgcheck|gpgkey)/.test(line))
      .reverse()
      .join('\n')}`.replace('gpgcheck: x\n', ''),
  );
  t.like(await apply(host, wanted), { outcome: 'ok', changes: [] });

  await writeFile(
    path,
    `${written.replace('priority=10', 'priority=1').replace('gpgcheck=1', 'gpgcheck=0')}cost=5\n`,
  );
  await host.exec(
    `chmod 666 /${REPO_FILE}; chown ops /${REPO_FILE}; touch /etc/yum.repos.d/.hookfleet-ABCDEF`,
  );
  const expected = [
    'set site-hooks gpgcheck',
    'set site-hooks priority',
    'set site-hooks cost',
    'mode site-hooks',
    'owner site-hooks',
  ];
  t.deepEqual(asText(await check(host, wanted)), expected);
  t.deepEqual(asText(await apply(host, wanted)), expected);
  t.is(await readFile(path, 'utf8'), written);
  t.is(
    (await host.exec('ls -A /etc/yum.repos.d')).stdout,
    'lab.repo\nsite-hooks.repo\nsite.repo\n',
    'what a killed run left is gone',
  );

  await host.exec(`mv /${REPO_FILE} /etc/precious`);
  await symlink('/etc/precious', path);
  t.is((await apply(host, wanted)).outcome, 'changed');
  t.is((await host.exec(`stat -c %F /${REPO_FILE} /etc/precious`)).stdout, 'regular file\nregular file\n');
});

test('a full disk leaves the old file as it was', async t => {
  const host = await boot(t, { diskSize: '3m' });
  const key = await keyFile(host, 'good');
  t.is((await apply(host, [repository('signed', { key })])).outcome, 'changed');
  const before = await readFile(join(host.root, REPO_FILE), 'utf8');
  await host.exec('dd if=/dev/zero of=/var/tmp/filling bs=4k 2>/dev/null || true');
  const includepkgs = Array.from({ length: 2000 }, (_, i) => `package-${i}`);
  const full = await apply(host, [repository('signed', { key, includepkgs })]);
  t.is(full.outcome, 'failed');
  t.regex(`${full.error?.message} ${full.error?.stderr}`, /No space left on device/);
  t.is(await readFile(join(host.root, REPO_FILE), 'utf8'), before);
  t.is((await host.exec('ls -A /etc/yum.repos.d')).stdout, 'lab.repo\nsite-hooks.repo\nsite.repo\n');
});

test('state: absent takes the file and the key’s file away; what rpm trusts stays', async t => {
  const host = await boot(t);
  const key = await keyFile(host, 'good');
  t.is((await apply(host, [repository('signed', { key })])).outcome, 'changed');
  const gone: RepositoryWanted[] = [{ id: 'site-hooks', state: 'absent' }];
  t.deepEqual(asText(await apply(host, gone)), ['remove site-hooks']);
  t.false((await exists(host, REPO_FILE)) || (await exists(host, KEY_FILE)));
  t.is((await apply(host, gone)).outcome, 'ok');
  t.regex((await host.exec('rpm -q gpg-pubkey')).stdout, /^gpg-pubkey-/);
});
