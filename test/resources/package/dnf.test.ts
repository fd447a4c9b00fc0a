import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { HostError } from '../../../src/core/failure.ts';
import { Secret } from '../../../src/core/secret.ts';
import type { Section } from '../../../src/core/section.ts';
import { lines, sh } from '../../../src/core/sh.ts';
import { dnfStep } from '../../../src/resources/package/dnf.ts';
import { latestProbes, readLatest } from '../../../src/resources/package/dnf-latest.ts';
import type { Step } from '../../../src/resources/resource.ts';

/** A machine with nothing but a fake dnf and a fake rpm, whose shell text a test gives. */
interface Machine {
  run(step: Pick<Step, 'script'>): Section;
  /** The argument lists of every call of dnf. */
  calls(): string[][];
  /** A file that the fakes left. */
  file(name: string): string;
  leftovers(): string[];
  /** Its root folder. */
  readonly root: string;
}

function machine(t: ExecutionContext, installed: readonly string[], dnf: string, rpm = ''): Machine {
  const folder = mkdtempSync(join(tmpdir(), 'hookfleet-dnf-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const root = join(folder, 'root');
  const bin = join(folder, 'bin');
  for (const one of [root, bin, join(root, 'run'), join(root, 'etc')]) {
    mkdirSync(one);
  }
  writeFileSync(join(folder, 'installed'), installed.map(line => `${line}\n`).join(''));
  const fake = (name: string, text: string) => {
    writeFileSync(join(bin, name), `#!/bin/sh\ncd '${folder}'\n${text}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  fake('dnf', `{ printf '%s\\n' "$@"; echo; } >>calls\n${dnf}`);
  fake('rpm', `case $1 in -qa) cat installed ;; *) : ;; esac\n${rpm}`);
  return {
    run({ script }) {
      const { stdout, stderr, status } = spawnSync('sh', ['-s'], {
        input: `set -e\n${script.text}\n`,
        cwd: root,
        env: { ROOT: root, PATH: `${bin}:/usr/bin:/bin`, LC_ALL: 'C' },
        encoding: 'utf8',
      });
      return { stdout, stderr, exitCode: status ?? -1 };
    },
    calls: () =>
      readFileSync(join(folder, 'calls'), 'utf8')
        .split('\n\n')
        .filter(call => call !== '')
        .map(call => call.split('\n')),
    file: name => readFileSync(join(folder, name), 'utf8'),
    leftovers: () => readdirSync(join(root, 'run')),
    root,
  };
}

const change = { resource: 'package', id: 'x', action: 'install', before: null, after: 'x' };
const target = { name: 'x', changes: [change] };
const KEEP_PROTECTED = `for word do case $word in *=glob:*) list=\${word#*=glob:}; cat "\${list%%,*}" >protected ;; esac; done`;

test('2000 installed packages with long names are excluded and protected, each once, in arguments that a kernel takes', t => {
  const names = Array.from({ length: 2000 }, (_, i) => `package-${i}-${'x'.repeat(80)}`);
  const host = machine(
    t,
    [...names.map(name => `${name} 0:1-1.noarch`), 'x 0:0.9-1.noarch', 'gpg-pubkey 0:abc-def.(none)'],
    KEEP_PROTECTED,
  );
  t.is(host.run(dnfStep('upgrade', [target])).exitCode, 0);
  const call = host.calls()[0] ?? [];
  const excluded = call
    .flatMap(word => (/^--setopt=\*\.excludepkgs=(.*)$/.exec(word)?.[1] ?? '').split(','))
    .filter(Boolean);
  t.deepEqual(excluded.sort(), [...names].sort());
  t.true(Math.max(...call.map(word => word.length)) < 128 * 1024);
  t.deepEqual(host.file('protected').trim().split('\n').sort(), [...names, 'x'].sort());
  t.deepEqual(call.slice(-4), ['-y', 'upgrade', '--', 'x']);
});

test('a kernel that is installed several times is excluded like any other, and once', t => {
  const host = machine(
    t,
    ['kernel 0:5.14-1.x86_64', 'kernel 0:5.14-2.x86_64', 'glibc 0:2-1.i686', 'glibc 0:2-1.x86_64'],
    '',
  );
  host.run(dnfStep('install', [target]));
  t.true(host.calls()[0]?.includes('--setopt=*.excludepkgs=glibc,kernel'));
});

test('what could touch other packages is switched off in every call, whatever the host’s dnf.conf says', t => {
  for (const verb of ['install', 'upgrade', 'downgrade', 'remove', 'reinstall'] as const) {
    const host = machine(t, ['vdsm 0:1-1.noarch', 'x 0:1-1.noarch'], '');
    host.run(dnfStep(verb, [target]));
    const [call = []] = host.calls();
    for (const word of [
      '--setopt=best=False',
      '--setopt=obsoletes=False',
      '--setopt=clean_requirements_on_remove=False',
      '--setopt=disable_excludes=',
      '--setopt=localpkg_gpgcheck=True',
      '--setopt=exit_on_lock=True',
      '--setopt=*.excludepkgs=vdsm',
    ]) {
      t.true(call.includes(word), `${verb} ${word}`);
    }
    t.false(call.some(word => /allowerasing|autoremove|skip-broken|nogpgcheck/.test(word)));
  }
});

test('without a list of what is installed dnf is not started', t => {
  for (const rpm of ['exit 1', 'case $1 in -qa) exit 1 ;; esac']) {
    const host = machine(t, ['vdsm 0:1-1.noarch'], '', rpm);
    t.not(host.run(dnfStep('install', [target])).exitCode, 0);
    t.throws(() => host.calls(), { code: 'ENOENT' });
  }
  const empty = machine(t, [], '');
  t.not(empty.run(dnfStep('install', [target])).exitCode, 0);
  t.throws(() => empty.calls(), { code: 'ENOENT' });
});

test('a package to be removed is not protected, but what the host protects stays so', t => {
  const host = machine(t, ['vdsm 0:1-1.noarch', 'x 0:1-1.noarch'], KEEP_PROTECTED);
  host.run(dnfStep('remove', [target], { enablerepo: ['site'] }));
  t.is(host.file('protected'), 'vdsm\n');
  const [call = []] = host.calls();
  t.true(
    call.some(word => word.endsWith(',glob:/etc/yum/protected.d/*.conf,glob:/etc/dnf/protected.d/*.conf')),
  );
  t.false(call.includes('--enablerepo=site'), 'removing needs no repository');
});

test('repositories are switched on and off for the call alone', t => {
  const host = machine(t, ['vdsm 0:1-1.noarch'], '');
  host.run(dnfStep('install', [target], { enablerepo: ['site', 'b; id'], disablerepo: ['epel*'] }));
  const [call = []] = host.calls();
  t.deepEqual(
    call.filter(word => /repo=/.test(word)),
    ['--disablerepo=epel*', '--enablerepo=site', '--enablerepo=b; id'],
  );
});

test('a name stays one word', t => {
  const host = machine(t, ['vdsm 0:1-1.noarch'], '');
  const name = 'a; touch pwned; $(id) *';
  host.run(dnfStep('install', [{ name, changes: [] }]));
  t.is(host.calls()[0]?.at(-1), name);
});

test('a lock is waited for', t => {
  const host = machine(
    t,
    ['vdsm 0:1-1.noarch'],
    `n=$(grep -c '^-y$' calls); [ "$n" -ge 2 ] || { echo "metadata already locked by $PPID" >&2; exit 200; }`,
  );
  t.is(host.run(dnfStep('install', [target])).exitCode, 0);
  t.is(host.calls().length, 2);
});

test('whoever holds the lock for longer than the wait is named, with its command', t => {
  const sleeper = execFileSync('sh', ['-c', 'sleep 60 >/dev/null 2>&1 & echo $!'], {
    encoding: 'utf8',
  }).trim();
  t.teardown(() => process.kill(Number(sleeper)));
  const host = machine(t, ['vdsm 0:1-1.noarch'], `echo "RPMDB already locked by ${sleeper}" >&2; exit 200`);
  const step = dnfStep('install', [target], { lockWaitSeconds: 0 });
  const reply = host.run(step);
  t.is(reply.exitCode, 200);
  t.is(
    step.explain?.(reply)?.message,
    `dnf or rpm of this host is busy: process ${sleeper} (sleep 60) holds its lock`,
  );
  t.deepEqual([step.timeoutSeconds, step.isTransaction], [0, true]);
  t.is(dnfStep('install', [target]).timeoutSeconds, 60);
});

test('the result has real versions and the dependencies that came in', t => {
  const host = machine(
    t,
    ['vdsm 0:1-1.noarch'],
    'printf "%s\\n" "x 0:2-1.noarch" "dep 1:3-1.x86_64" "vdsm 0:1-1.noarch" >installed',
  );
  const step = dnfStep('install', [target]);
  const reply = host.run(step);
  t.is(reply.exitCode, 0, reply.stderr);
  t.deepEqual(step.made?.(reply), [
    { ...change, after: 'x-0:2-1.noarch' },
    { ...change, id: 'dep', after: 'dep-1:3-1.x86_64' },
  ]);
});

test('where dnf found nothing to do, nothing was made', t => {
  const host = machine(t, ['x 0:1-1.noarch', 'vdsm 0:1-1.noarch'], '');
  const step = dnfStep('upgrade', [target]);
  t.deepEqual(step.made?.(host.run(step)), []);
});

test('a removed package is made as planned, a reinstalled one too', t => {
  const gone = machine(t, ['x 0:1-1.noarch', 'vdsm 0:1-1.noarch'], 'echo "vdsm 0:1-1.noarch" >installed');
  const removal = dnfStep('remove', [{ name: 'x', changes: [{ ...change, action: 'remove', after: null }] }]);
  t.deepEqual(removal.made?.(gone.run(removal)), removal.changes);
  const same = machine(t, ['x 0:1-1.noarch', 'vdsm 0:1-1.noarch'], '');
  const repair = dnfStep('reinstall', [{ ...target, evra: '0:1-1.noarch' }]);
  t.deepEqual(repair.made?.(same.run(repair)), repair.changes);
  t.is(same.calls()[0]?.at(-1), 'x-0:1-1.noarch');
});

test('a change of another package fails the step, whoever made it', t => {
  const host = machine(
    t,
    ['vdsm 0:1-1.noarch'],
    'printf "%s\\n" "x 0:2-1.noarch" "vdsm 0:2-1.noarch" >installed',
  );
  const step = dnfStep('install', [target]);
  const reply = host.run(step);
  t.is(reply.exitCode, 1);
  t.is(step.explain?.(reply)?.message, 'Another package of this host changed meanwhile: vdsm');
});

test('a pushed file arrives byte by byte, in a folder of root’s alone that goes again, also after a failure', t => {
  const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * 7919) % 256));
  const rpm = {
    file: 'x.rpm',
    name: 'x',
    evr: '0:2-1',
    arch: 'noarch',
    base64: new Secret(bytes.toString('base64')),
  };
  for (const end of ['', 'exit 1']) {
    const host = machine(
      t,
      ['vdsm 0:1-1.noarch'],
      `for file do :; done; base64 -w0 "$file" >pushed; echo "$file" >path; stat -c %a "\${file%/*}" >mode\n${end}`,
    );
    const step = dnfStep('install', [{ ...target, rpm }]);
    host.run(step);
    t.is(host.file('pushed'), bytes.toString('base64'));
    t.regex(host.file('path'), /\/run\/hookfleet\.\w{6}\/x-2-1\.noarch\.rpm\n$/);
    t.is(host.file('mode'), '700\n');
    t.deepEqual(host.leftovers(), []);
    t.true(step.script.shown.length < 10_000, 'nobody has to read it in an error');
  }
});

test('a catalogue’s word on a missing package is preferred to the general one', t => {
  const said = { message: 'gone', hint: 'do this' };
  const step = dnfStep('install', [target], {}, name => (name === 'x' ? said : undefined));
  const failed = (stderr: string) => ({ stdout: '', stderr, exitCode: 1 });
  t.is(step.explain?.(failed('Error: Unable to find a match: y x')), said);
  t.regex(step.explain?.(failed('Error: Unable to find a match: y'))?.message ?? '', /has y$/);
  t.is(step.explain?.(failed('what is this')), undefined);
});

const latest = lines(latestProbes([{ name: 'x', state: 'latest' }]));
const INSTALLED_X = 'case $1 in -q) echo x ;; esac';

test('without a folder for its own files nothing is asked and nothing is written elsewhere', t => {
  const host = machine(t, ['x 0:1-1.noarch'], '', INSTALLED_X);
  rmSync(join(host.root, 'run'), { recursive: true });
  t.is(host.run(dnfStep('install', [target])).exitCode, 1);
  const reply = host.run({ script: latest });
  t.throws(() => readLatest(reply), { instanceOf: HostError });
  t.throws(() => host.calls(), { code: 'ENOENT' });
  t.false(existsSync('/wanted'));
});

test('where dnf is asked for the latest and is not there, that is told, and not taken for a fault of rpm', t => {
  const host = machine(t, ['x 0:1-1.noarch'], '', INSTALLED_X);
  // What this machine itself has in its PATH does not count.
  const reply = host.run({ script: lines([sh`command() { return 127; }`, latest]) });
  t.is(reply.exitCode, 0);
  const error = t.throws(() => readLatest(reply), { instanceOf: HostError });
  t.is(error?.message, 'Neither dnf nor yum is on this host');
});

test('what dnf says of a repository’s settings is not passed on, by a transaction and by a question alike', t => {
  const dnf = `printf '%s\\n' 'Error: something else' 'Problem repository: site' 'password = Sesame' >&2; exit 1`;
  const host = machine(t, ['x 0:1-1.noarch', 'vdsm 0:1-1.noarch'], dnf, INSTALLED_X);
  const failed = host.run(dnfStep('upgrade', [target]));
  t.regex(failed.stderr, /Error: something else\nProblem repository: site\n/);
  const asked = host.run({ script: latest });
  const error = t.throws(() => readLatest(asked), { instanceOf: HostError });
  t.is(error?.failure.stderr, 'Error: something else\nProblem repository: site\n');
  t.notRegex(JSON.stringify([failed, asked]), /Sesame/);
});
