/** How a check proves the protection: what it asks, and what the answers are taken for. */
import test from 'ava';
import { DENIED_PERMISSIONS } from '../../../src/catalog/domain-permissions.ts';
import { lines, sh } from '../../../src/core/sh.ts';
import { protectedProbe } from '../../../src/resources/protected-domains/protected-probe.ts';
import { RULES, rulesFile } from '../../../src/resources/protected-domains/protected-wanted.ts';
import { inRoot } from '../in-root.ts';

const UUID = '0a1c1a5e-8a0a-4b8e-9d6e-5d7f0a6f6a10';
const OTHER = '1b1c1a5e-8a0a-4b8e-9d6e-5d7f0a6f6a11';
const WANTED = { playbook: 'kvm.yml', domains: ['db-1', OTHER], operators: ['libvirt'] };

/** A protected host with one operator; domains, and what pkcheck and `virsh resume` say, are the test's. */
function protectedHost(about: {
  readonly pkcheck?: string;
  readonly state?: string;
  readonly resume?: string;
}) {
  const { pkcheck = 'exit 1', state = 'running', resume = 'error: access denied: denied' } = about;
  return {
    shell: ['dash'] as const,
    files: {
      [RULES.slice(1)]: rulesFile(WANTED, true).text,
      'run/libvirtd.pid': '7\n',
      'proc/7/comm': 'libvirtd\n',
      'proc/7/stat': `7 (libvirtd) S ${'1 '.repeat(18)}500 1\n`,
      'proc/7/cmdline': 'libvirtd\0',
      'proc/stat': 'btime 1000\n',
      'proc/sys/kernel/random/uuid': '11111111-1111-4111-8111-111111111111\n',
    },
    programs: {
      getent: `case $1:$2 in group:libvirt) echo libvirt:x:104:olga ;; passwd:) ;; *) exit 2 ;; esac`,
      id: 'echo 1002',
      setpriv: `case "$*" in *virsh*) while [ "$1" != virsh ]; do shift; done; exec "$@" ;; esac; exec sleep 20`,
      pkcheck: `[ "$1" != --version ] || { echo pkcheck version 122; exit; }
echo "\${2##*.} \${10} \${13}" >>./asked
${pkcheck}`,
      virsh: `case "$*" in
  *'list --all'*) echo '${UUID} db-1   '; echo '${OTHER} web 1 ' ;;
  *--state-running*) echo '${UUID} db-1   ' ;;
  *domstate*) echo '${state}' ;;
  *resume*) echo >>./resumed; echo '${resume}' >&2; exit 1 ;;
esac`,
    },
  };
}

for (const [what, resume, verdict] of [
  ['refused', 'error: access denied: QEMU denied access', 'denied'],
  ['let through', 'error: Requested operation is not valid: domain is already running', 'allowed'],
  [
    'one who is not even let in',
    'error: failed to connect to the hypervisor\nerror: authentication failed: access denied by policy',
    'unclear',
  ],
  ['any other trouble', 'error: Disconnected', 'unclear'],
] as const) {
  test(`an operator who asks to resume a protected domain that runs: ${what}`, async t => {
    const { stdout } = await inRoot(t, protectedProbe(WANTED), protectedHost({ resume }));
    const trials = stdout.split('\n').filter(line => line.startsWith('R\t'));
    t.deepEqual(trials, [`R\tolga\tdb-1\t${verdict}\t${resume.split('\n').at(-1)}`]);
  });
}

test('a domain that was paused since it was listed is left so', async t => {
  const { stdout } = await inRoot(t, protectedProbe(WANTED), protectedHost({ state: 'paused' }));
  t.notRegex(stdout, /^R\t/m);
});

test('a UUID is asked about as one, whatever its domain is called', async t => {
  const script = lines([sh`(`, protectedProbe(WANTED), sh`)`, sh`cat ./asked`]);
  const { stdout } = await inRoot(t, script, protectedHost({}));
  t.regex(stdout, new RegExp(`^stop hookfleet-free-11111111 ${OTHER}$`, 'm'));
  t.regex(stdout, /^stop db-1 11111111-1111-4111-8111-111111111111$/m);
});

test('a polkit that does not answer is not asked on and on', async t => {
  const { stdout } = await inRoot(t, protectedProbe(WANTED), protectedHost({ pkcheck: 'exit 124' }));
  const proofs = stdout.split('\n').filter(line => line.startsWith('P\t'));
  t.deepEqual(proofs, ['P\tolga\tstop\tyes\t124\t']);
  const answering = await inRoot(t, protectedProbe(WANTED), protectedHost({}));
  t.is(
    answering.stdout.split('\n').filter(line => line.startsWith('P\t')).length,
    1 + DENIED_PERMISSIONS.length + 1,
  );
});
