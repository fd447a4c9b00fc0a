import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import fc from 'fast-check';
import { HostError } from '../../../src/core/failure.ts';
import { InputError } from '../../../src/core/input-error.ts';
import { readSshConfig, type SshConfig } from '../../../src/remote/ssh-config/ssh-config.ts';

// One test at a time: each has its own PATH or HOME.
const serial = test.serial;

const SSH = (await execa('sh', ['-c', 'command -v ssh'])).stdout;

/** Files of ssh's in a folder of their own; `{folder}` in them is that folder. */
async function files(t: ExecutionContext, texts: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-config-'));
  t.teardown(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(texts)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), text.replaceAll('{folder}', folder), { mode: 0o600 });
  }
  return folder;
}

function setEnv(t: ExecutionContext, name: string, value: string): void {
  const before = process.env[name];
  process.env[name] = value;
  t.teardown(() => {
    process.env[name] = before;
  });
}

/** Counts how often ssh is asked. */
async function countSsh(t: ExecutionContext): Promise<() => Promise<number>> {
  const folder = await files(t, { count: '', ssh: `#!/bin/sh\necho >>{folder}/count\nexec ${SSH} "$@"\n` });
  await chmod(join(folder, 'ssh'), 0o755);
  setEnv(t, 'PATH', `${folder}:${process.env.PATH}`);
  return async () => (await readFile(join(folder, 'count'), 'utf8')).length;
}

function ask(
  config: SshConfig,
  address: string,
  more: { port?: number; user?: string; jumps?: boolean } = {},
) {
  return config.settingsFor({ address, jumps: false, ...more });
}

async function failureOf(t: ExecutionContext, promise: Promise<unknown>) {
  const error = await t.throwsAsync(promise, { instanceOf: HostError });
  return error?.failure ?? t.fail();
}

const CONFIG = `
# a comment
Host hv-1 hv-2 !hv-3
  HostName 192.0.2.1
  Port 2222
  User=ops
  IdentityFile ~/.ssh/fleet
  IdentityFile "{folder}/with blank"
  IdentitiesOnly yes
  ProxyJump ann@bastion:2200,[2001:db8::1]:22

Host bastion
  User jump
  HostKeyAlias gate
  StrictHostKeyChecking accept-new
  UserKnownHostsFile {folder}/known {folder}/known2
  IdentityAgent none
  ConnectTimeout 7

Host *.example.org
  HostName %h.internal
  IdentityFile %d/%r@%h
  IdentityAgent {folder}/agent-%u

Host proxied
  ProxyCommand ssh -q -W %h:%p gate

Host direct
  ProxyJump none
  ProxyCommand none
  IdentityFile none
  UserKnownHostsFile none

Host *
  Port 22
`;

const EXPECTED = (folder: string) => ({
  'hv-1': {
    hostName: '192.0.2.1',
    port: 2222,
    user: 'ops',
    identityFiles: [join(homedir(), '.ssh/fleet'), join(folder, 'with blank')],
    identitiesOnly: true,
    proxyJump: 'ann@bastion:2200,[2001:db8::1]:22',
  },
  bastion: {
    user: 'jump',
    hostKeyAlias: 'gate',
    hostKeyChecking: 'accept-new',
    knownHostsFiles: [join(folder, 'known'), join(folder, 'known2')],
    agentSocket: null,
    connectTimeoutSeconds: 7,
  },
  'a.example.org': {
    hostName: 'a.example.org.internal',
    identityFiles: [join(homedir(), `${userInfo().username}@a.example.org.internal`)],
    agentSocket: join(folder, `agent-${userInfo().username}`),
  },
  proxied: { proxyCommand: 'ssh -q -W %h:%p gate' },
  direct: { identityFiles: [], knownHostsFiles: [] },
});

for (const [who, path] of [
  ['ssh', process.env.PATH ?? ''],
  ['the files, where there is no ssh,', '/nonexistent'],
] as const) {
  serial(`what ${who} says of a host is put into our words`, async t => {
    const folder = await files(t, { config: CONFIG });
    setEnv(t, 'PATH', path);
    const config = await readSshConfig({ file: join(folder, 'config') });
    for (const [address, expected] of Object.entries(EXPECTED(folder))) {
      const { port, ...settings } = await ask(config, address);
      t.deepEqual({ ...settings, ...(port === 22 || port === undefined ? {} : { port }) }, expected, address);
    }
  });
}

serial('what the inventory and the command line say is more than the files do', async t => {
  const folder = await files(t, {
    config: 'Host hv\n  Port 1\n  User a\nMatch user ann\n  IdentityFile /ann\n',
  });
  const config = await readSshConfig({ file: join(folder, 'config') });
  t.deepEqual(await ask(config, 'hv', { port: 2, user: 'ann' }), {
    port: 2,
    user: 'ann',
    identityFiles: ['/ann'],
  });
});

serial('Include is followed, with patterns, relative names and into Host blocks', async t => {
  const folder = await files(t, {
    config: 'Host in-*\n  Include {folder}/parts/*.conf\nHost *\n  Include {folder}/last\n  Port 3\n',
    'parts/1.conf': 'User one\nHost in-b\n  Port 1\n',
    'parts/2.conf': 'User two\nPort 2\n',
    'parts/3.txt': 'Port 9\n',
    last: 'IdentitiesOnly yes\n',
  });
  for (const path of [process.env.PATH ?? '', '/nonexistent']) {
    setEnv(t, 'PATH', path);
    const config = await readSshConfig({ file: join(folder, 'config') });
    t.deepEqual(await ask(config, 'in-a'), { port: 2, user: 'one', identitiesOnly: true }, path);
    t.deepEqual(await ask(config, 'in-b'), { port: 1, user: 'one', identitiesOnly: true }, path);
    t.deepEqual(await ask(config, 'out'), { port: 3, identitiesOnly: true }, path);
  }
});

serial('ssh is not asked where the files have nothing for a host that matters here', async t => {
  const folder = await files(t, {
    config:
      'Host other\n  User x\nMatch final all\n  Ciphers aes128-ctr\n  GSSAPIAuthentication yes\nHost *\n  SendEnv LANG\n  HashKnownHosts yes\n',
  });
  const count = await countSsh(t);
  const config = await readSshConfig({ file: join(folder, 'config') });
  t.deepEqual(await ask(config, 'hv-1'), {});
  t.is(await count(), 0);
});

serial('hosts for which the same lines count are one question', async t => {
  const folder = await files(t, {
    config: 'Host hv-1*\n  User a\nHost *\n  IdentityFile /k\n  ProxyJump gate\n',
  });
  const count = await countSsh(t);
  const config = await readSshConfig({ file: join(folder, 'config') });
  const names = Array.from({ length: 40 }, (_, i) => `hv-${i}`);
  const answers = await Promise.all(names.map(name => ask(config, name)));
  t.deepEqual(
    answers,
    names.map(name => ({
      ...(name.startsWith('hv-1') ? { user: 'a' } : {}),
      identityFiles: ['/k'],
      proxyJump: 'gate',
    })),
  );
  t.is(await count(), 3, 'two kinds of hosts, and what ssh says of no host in particular');
});

serial('where a value has the name of the host in it, or Match decides, each host is a question', async t => {
  const folder = await files(t, {
    config: 'Host a*\n  HostName %h.example.org\nMatch host b1 exec "test %h = b1"\n  User bea\n',
  });
  const config = await readSshConfig({ file: join(folder, 'config') });
  t.deepEqual(await ask(config, 'a1'), { hostName: 'a1.example.org' });
  t.deepEqual(await ask(config, 'a2'), { hostName: 'a2.example.org' });
  t.deepEqual(await ask(config, 'b1'), { user: 'bea' });
  t.deepEqual(await ask(config, 'b2'), {});
});

serial(
  'a Match exec that hangs is given up with all that it started, and cannot ask for anything',
  async t => {
    const folder = await files(t, {
      config:
        'Match host slow exec "sleep 34.5; true"\n  User a\nMatch host asks exec "! read line </dev/tty && ! read line"\n  User b\n',
    });
    const config = await readSshConfig({ file: join(folder, 'config'), limitMs: 1500 });
    const { kind, message, hint } = await failureOf(t, ask(config, 'slow'));
    t.is(kind, 'ssh-config');
    t.is(message, 'ssh did not say within 1.5 s what ssh_config means for the host');
    t.regex(hint ?? '', /Match exec/);
    t.is((await execa('pgrep', ['-fx', 'sleep 34.5'], { reject: false })).stdout, '');
    t.deepEqual(await ask(config, 'asks'), { user: 'b' });
  },
);

serial(
  'files that ssh refuses are an error in its words, and a host that is its own jump host is named',
  async t => {
    const folder = await files(t, { bad: 'Port 22\nBogus yes\n', loop: 'Host *\n  ProxyJump gate\n' });
    const bad = await readSshConfig({ file: join(folder, 'bad') });
    const refused = await failureOf(t, ask(bad, 'h'));
    t.is(refused.kind, 'ssh-config');
    t.regex(refused.message, /line 2: Bad configuration option: bogus/);
    const loop = await readSshConfig({ file: join(folder, 'loop') });
    const circle = await failureOf(t, ask(loop, 'gate'));
    t.is(circle.kind, 'jump-host');
    t.regex(circle.message, /its own jump host: gate/);
    t.deepEqual(await ask(loop, 'gate', { jumps: true }), {}, 'its way is given already');
  },
);

serial("the user's files are those of HOME, whatever the password database says", async t => {
  const folder = await files(t, {
    '.ssh/config': 'Include {folder}/.ssh/more\nHost a\n  User ann\nMatch final all\n  Port 5\n',
    '.ssh/more': 'Host a\n  IdentityFile ~/k\n',
    system: 'Host a\n  User other\n  IdentitiesOnly yes\n',
  });
  setEnv(t, 'HOME', folder);
  const systemFile = join(folder, 'system');
  for (const path of [process.env.PATH ?? '', '/nonexistent']) {
    setEnv(t, 'PATH', path);
    const config = await readSshConfig({ systemFile });
    const { port, ...answer } = await ask(config, 'a');
    const identityFiles = [join(folder, 'k')];
    t.deepEqual(answer, { user: 'ann', identitiesOnly: true, identityFiles }, path);
    t.deepEqual(config.identityFiles(['a']), [join(folder, 'k')]);
    t.is(port, path === '/nonexistent' ? undefined : 5);
  }
});

serial('a file that is named is the only one, and none means none', async t => {
  const folder = await files(t, { '.ssh/config': 'User ann\n', named: 'User bea\n' });
  setEnv(t, 'HOME', folder);
  t.deepEqual(await ask(await readSshConfig({ file: join(folder, 'named') }), 'a'), { user: 'bea' });
  t.deepEqual(await ask(await readSshConfig({ file: 'none' }), 'a'), {});
  const error = await t.throwsAsync(readSshConfig({ file: join(folder, 'missing') }), {
    instanceOf: InputError,
  });
  t.regex(error?.message ?? '', /missing: there is no such ssh_config file$/);
});

serial('what is not heeded is warned of, at its place, if it may count for a host of the run', async t => {
  const folder = await files(t, {
    config:
      'Host a\n  StrictHostKeyChecking no\nHost b\n  StrictHostKeyChecking off\nMatch user x\n  Port 5\nHost *\n  StrictHostKeyChecking ask\n',
  });
  const file = join(folder, 'config');
  const warnings = (config: SshConfig) =>
    config
      .warnings(['a', 'c'])
      .map(({ place, message }) => `${place?.file === file && place.line} ${message}`);
  t.deepEqual(warnings(await readSshConfig({ file })), [
    '2 StrictHostKeyChecking no is not heeded: host keys are always checked',
  ]);
  setEnv(t, 'PATH', '/nonexistent');
  t.deepEqual(warnings(await readSshConfig({ file })).slice(1), [
    '6 port 5 is not heeded: there is no ssh on this machine to say for which hosts it is',
  ]);
  t.is((await ask(await readSshConfig({ file }), 'a')).hostKeyChecking, 'strict');
});

serial('new keys that the files accept are named, with the place', async t => {
  const folder = await files(t, { config: 'Host lab-*\n  StrictHostKeyChecking accept-new\n' });
  const config = await readSshConfig({ file: join(folder, 'config') });
  t.deepEqual(config.warnings(['kvm-01']), []);
  t.regex(config.warnings(['lab-01'])[0]?.message ?? '', /^host keys: accept-new /);
});

serial('/dev/null is no place for host keys: the usual files count', async t => {
  const folder = await files(t, { config: 'UserKnownHostsFile /dev/null\n' });
  t.deepEqual(await ask(await readSshConfig({ file: join(folder, 'config') }), 'a'), {});
});

serial('the identity files that may be needed are known without asking ssh', async t => {
  const folder = await files(t, {
    config:
      'Host a\n  IdentityFile ~/a\n  ProxyJump gate\nHost gate\n  IdentityFile %d/gate\nHost other\n  IdentityFile /other\nMatch user x\n  IdentityFile /x\nHost *\n  IdentityFile /of-%h\n  IdentityFile none\n',
  });
  const count = await countSsh(t);
  const config = await readSshConfig({ file: join(folder, 'config') });
  t.deepEqual(config.identityFiles(['a']), [join(homedir(), 'a'), join(homedir(), 'gate'), '/x']);
  t.deepEqual(config.identityFiles(['b']), ['/x']);
  t.is(await count(), 0);
});

const anyConfig = fc
  .array(
    fc.record({
      indent: fc.constantFrom('', '  ', '\t'),
      line: fc.constantFrom(
        'Host *',
        'Host a*',
        'Host a1 b?',
        'Host * !a1',
        'Host !b1 b*',
        'Host "a1"',
        'Match all',
        'HostName x.example.org',
        'HostName=%h.example.org # where it is',
        'Port 2222',
        'port "2223"',
        'User ann',
        'User = "bea"',
        'IdentityFile /k1',
        "IdentityFile '/k 2'",
        'IdentitiesOnly yes',
        'ProxyJump gate,ann@gate:22',
        'ProxyJump none',
        'ProxyCommand nc %h %p',
        'HostKeyAlias alias',
        'StrictHostKeyChecking accept-new',
        'UserKnownHostsFile /f1 /f2',
        'ConnectTimeout 2m',
        'IdentityAgent none',
        'SendEnv LANG',
        '# nothing',
        '',
      ),
    }),
    { maxLength: 14 },
  )
  .map(lines => lines.map(({ indent, line }) => `${indent}${line}\n`).join(''));

serial('without ssh, files that have no Match are read as ssh reads them', async t => {
  const path = process.env.PATH ?? '';
  const folder = await files(t, {});
  const file = join(folder, 'config');
  t.teardown(() => {
    process.env.PATH = path;
  });
  await fc.assert(
    fc.asyncProperty(anyConfig, fc.constantFrom('a1', 'b1', 'c'), async (text, address) => {
      await writeFile(file, text);
      process.env.PATH = path;
      const asked = await ask(await readSshConfig({ file }), address);
      process.env.PATH = '/nonexistent';
      const read = await ask(await readSshConfig({ file }), address);
      t.deepEqual(read, asked, text);
    }),
    { numRuns: 150 },
  );
});

serial(
  'what ssh says of its refusal is told in one line; where it does not run for this user, that is said',
  async t => {
    for (const [said, message, hint] of [
      [
        String.raw`cfg: line 2: Bad configuration option: bogus\r\ncfg: terminating, 1 bad configuration options\r\n`,
        /^ssh refuses its configuration: cfg: line 2: Bad configuration option: bogus; cfg: terminating, 1 bad configuration options$/,
        /^correct it/,
      ],
      [
        String.raw`No user exists for uid 54321\r\n`,
        /ssh does not run here to read it: No user exists for uid 54321$/,
        /--ssh-config none/,
      ],
    ] as const) {
      const folder = await files(t, {
        cfg: 'Host h\n  Port 2222\n',
        ssh: `#!/bin/sh\nprintf '${said}' >&2\nexit 255\n`,
      });
      await chmod(join(folder, 'ssh'), 0o755);
      setEnv(t, 'PATH', `${folder}:${process.env.PATH}`);
      const {
        kind,
        message: told,
        hint: advice,
      } = await failureOf(t, ask(await readSshConfig({ file: join(folder, 'cfg') }), 'h'));
      t.is(kind, 'ssh-config');
      t.regex(told, message);
      t.regex(advice ?? '', hint);
    }
  },
);
