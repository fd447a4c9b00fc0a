import test from 'ava';
import {
  BAD_SYNTAX,
  NOT_FENCED,
  REFUSED,
  UNKNOWN_OPERATION,
} from '../../../src/resources/libvirt-hook/libvirt-hook-dry-run.ts';
import { explainDryRun } from '../../../src/resources/libvirt-hook/libvirt-hook-verdict.ts';
import type { LibvirtHook } from '../../../src/resources/libvirt-hook/libvirt-hook-wanted.ts';

const HOOK: LibvirtHook = {
  driver: 'qemu',
  name: '10-audit',
  state: 'present',
  operations: ['prepare'],
  dryRun: 'run',
  base64: '',
  sha256: '',
  programs: [],
  shell: '/bin/sh',
};

interface Call {
  readonly who?: string;
  readonly operation?: string;
  readonly extra?: string;
  readonly verdict?: string;
  readonly code?: number;
  readonly stdout?: string;
  readonly stderr?: string;
}

function explain({ who = 'root', operation = 'prepare', extra = '-', verdict = 'exit', ...rest }: Call) {
  const { code = 1, stdout = '', stderr = '' } = rest;
  const encode = (text: string) => Buffer.from(text).toString('base64');
  const report = ['V', who, operation, extra, verdict, code, encode(stdout), encode(stderr)].join('\t');
  return explainDryRun(HOOK, { exitCode: REFUSED, stdout: `${report}\n`, stderr: '' });
}

for (const [title, call, says] of [
  [
    'chatter',
    { verdict: 'prints', stdout: 'hello\nworld\n' },
    /for prepare .*as root, it printed "hello" on stdout/,
  ],
  ['blanks', { verdict: 'prints', stdout: '\n' }, /printed blank text/],
  ['no end', { verdict: 'hangs' }, /did not end within a second/],
  ['a child that stays', { verdict: 'holds' }, /left running holds its output open/],
  ['too slow', { verdict: 'slow' }, /longer than a second/],
  ['a failure', { code: 3, stderr: 'oops\nno such pool\n' }, /exit code 3: no such pool; nothing was put/],
  [
    'a failure in a whole sentence',
    { code: 3, stderr: 'Give up.\n' },
    /exit code 3: Give up; nothing was put/,
  ],
  ['a failure without a word', { code: 3 }, /exit code 3; nothing was put/],
  [
    'a failure with a reason',
    { operation: 'release', extra: 'from snapshot' },
    /for release \(from snapshot\)/,
  ],
  [
    'an ordinary user',
    { who: 'nobody', stderr: 'Permission denied' },
    /as an ordinary user.*exit code 1: Permission denied/,
  ],
  ['an unknown operation', { operation: UNKNOWN_OPERATION }, /for an operation that it does not know/],
  [
    'a call of libvirt',
    {
      stderr: "error: Failed to connect socket to '/var/run/libvirt/libvirt-sock': No such file or directory",
    },
    /exit code 1: error: Failed/,
  ],
] as const) {
  test(`what is wrong with a hook: ${title}`, t => {
    const explanation = explain(call);
    t.regex(explanation?.message ?? '', says);
    t.notRegex(explanation?.message ?? '', /withheld/);
    t.notRegex(explanation?.hint ?? 'dry_run', /dry_run/);
  });
}

for (const stderr of [
  '/etc/libvirt/hooks/qemu.d/10-audit: 3: cannot create /etc/x: Read-only file system',
  'RTNETLINK answers: Operation not permitted',
  'iptables v1.8.9 (nf_tables): Could not fetch rule set generation id: Permission denied (you must be root)',
  'bash: line 1: kill: (1) - Operation not permitted',
  'curl: (6) Could not resolve host: example.org',
  'bash: connect: Network is unreachable',
  'Failed to connect to bus: Host is down',
  "System has not been booted with systemd as init system (PID 1). Can't operate.",
  'sh: 1: cannot open /dev/vfio/1: No such file',
  'OSError: [Errno 97] Address family not supported by protocol',
  '/etc/libvirt/hooks/qemu.d/10-audit: 2: ulimit: error setting limit (Operation not permitted)',
  'prlimit: failed to set the MEMLOCK resource limit: Operation not permitted',
]) {
  test(`what a hook may not reach: ${stderr}`, t => {
    const explanation = explain({ stderr });
    t.regex(explanation?.message ?? '', /could not reach .* withheld in a dry run/);
    t.regex(explanation?.hint ?? '', /dry_run: lint/);
  });
}

test('who waited for what is withheld may not be to blame', t => {
  const explanation = explain({ verdict: 'hangs', stderr: 'ping: connect: Network is unreachable' });
  t.regex(explanation?.message ?? '', /did not end/);
  t.regex(explanation?.hint ?? '', /may have waited for the network.*dry_run: lint/);
});

test('who left a process running that it was not let end is told so', t => {
  const explanation = explain({ verdict: 'holds', stderr: '10-audit: 3: kill: Operation not permitted' });
  t.regex(explanation?.hint ?? '', /waited for a process that it wanted to signal.*dry_run: lint/);
});

test('a shell that cannot read the script says where', t => {
  const stderr = 'the script: 3: Syntax error: end of file unexpected\n';
  const explanation = explainDryRun(HOOK, { exitCode: BAD_SYNTAX, stdout: '', stderr });
  t.regex(
    explanation?.message ?? '',
    /\/bin\/sh of this host cannot read the script \(the script: 3: Syntax error/,
  );
});

test('a shell that cannot read the script and says nothing', t => {
  t.regex(
    explainDryRun(HOOK, { exitCode: BAD_SYNTAX, stdout: '', stderr: '' })?.message ?? '',
    /cannot read the script; nothing was put/,
  );
});

test('a host that builds no fence runs no hook', t => {
  const stdout = 'N\troot\tthe network of the host\n';
  t.regex(
    explainDryRun(HOOK, { exitCode: NOT_FENCED, stdout, stderr: '' })?.message ?? '',
    /was not begun.*it would have the network of the host/,
  );
  t.regex(
    explainDryRun(HOOK, { exitCode: NOT_FENCED, stdout: '', stderr: 'unshare: no' })?.message ?? '',
    /was not begun/,
  );
});

test('any other failure is somebody else’s to explain', t => {
  t.is(explainDryRun(HOOK, { exitCode: 1, stdout: '', stderr: 'mv: cannot move' }), undefined);
});
