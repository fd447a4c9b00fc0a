/** The shell text by which domains are protected, as far as it needs no libvirt and no polkit. */
import test from 'ava';
import { lines, sh } from '../../../src/core/sh.ts';
import { MEMBERS } from '../../../src/resources/protected-domains/protected-ask.ts';
import { protectedProbe } from '../../../src/resources/protected-domains/protected-probe.ts';
import { RESTART } from '../../../src/resources/protected-domains/protected-restart.ts';
import { STOPPED, UNDO } from '../../../src/resources/protected-domains/protected-undo.ts';
import { inRoot } from '../in-root.ts';

const SHELLS = [['dash'], ['bash', '--posix']] as const;

const GETENT = `case $1:$2 in
  group:libvirt) echo 'libvirt:x:104:olga,gone,root' ;;
  group:empty) echo 'empty:x:105:' ;;
  passwd:) printf '%s\\n' 'root:x:0:0::/root:/bin/sh' 'olga:x:1002:1002::/:/bin/sh' 'mona:x:1003:104::/:/bin/sh' ;;
  *) exit 2 ;;
esac`;
const ID = `case $3 in olga) echo 1002 ;; mona) echo 1003 ;; root) echo 0 ;; *) exit 1 ;; esac`;

/** What the probe asks of a systemd: which of these units are active, and which are enabled. */
function systemd(active: readonly string[], enabled: readonly string[] = []): string {
  const lists = (units: readonly string[]) => units.map(unit => `*" ${unit} "*) exit 0 ;;`).join(' ');
  return `case " $* " in
  *' is-active '*) case " $* " in ${lists(active)} esac; exit 3 ;;
  *' is-enabled '*) case " $* " in ${lists(enabled)} esac; exit 1 ;;
  *) echo MainPID=0 ;;
esac`;
}

for (const shell of SHELLS) {
  const title = (text: string) => `${shell.join(' ')}: ${text}`;

  test(
    title('the members of a group, those too who have it for their first one, but no root and no leftover'),
    async t => {
      const script = lines([
        MEMBERS,
        sh`members_of libvirt; members_of empty; echo end; members_of none || echo none`,
      ]);
      const { stdout } = await inRoot(t, script, { shell, programs: { getent: GETENT, id: ID } });
      t.is(stdout, 'mona\nolga\nend\nnone');
    },
  );

  const nothing = { playbook: 'kvm.yml', domains: [], operators: ['libvirt'] };
  for (const [what, active, enabled, programs, unit] of [
    ['a libvirtd that waits for a connection', ['libvirtd.socket'], [], {}, 'libvirtd'],
    ['a modular libvirt goes first', ['virtqemud.socket', 'libvirtd.socket'], [], {}, 'virtqemud'],
    ['one that is only enabled', [], ['libvirtd.service'], {}, 'libvirtd'],
    ['one that is only installed', [], [], { libvirtd: '' }, 'libvirtd'],
    ['none', [], [], {}, undefined],
  ] as const) {
    test(title(`the daemon that is asked for domains: ${what}`), async t => {
      const { stdout, exitCode } = await inRoot(t, protectedProbe(nothing), {
        shell,
        files: { 'run/systemd/system/.keep': '' },
        programs: { systemctl: systemd(active, enabled), ...programs },
      });
      t.is(exitCode, 0);
      t.deepEqual(
        stdout.split('\n').filter(line => line.startsWith('U\t')),
        unit === undefined ? [] : [`U\t${unit}`],
      );
    });
  }

  test(
    title('a probe of a host where nothing is protected asks polkit nothing and calls no virsh'),
    async t => {
      const { stdout } = await inRoot(t, protectedProbe({ ...nothing, domains: ['db-1'] }), {
        shell,
        files: { 'run/systemd/system/.keep': '', 'etc/libvirt/libvirtd.conf': 'a = 1\n' },
        programs: {
          systemctl: systemd(['libvirtd.socket']),
          getent: GETENT,
          id: ID,
          pkcheck: '[ "$1" = --version ] && echo pkcheck version 122 || echo asked >asked',
          virsh: 'echo called',
        },
      });
      t.regex(stdout, /^C\tlibvirtd\t\d+\tYSA9IDEK$/m);
      t.regex(stdout, /^Y\tpkcheck version 122$/m);
      t.regex(stdout, /^M\tmona\nM\tolga$/m);
      t.notRegex(stdout, /^[PR]\t|called/m);
    },
  );

  const files = { 'etc/a b': 'before\n', 'run/.keep': '', 'var/lib/.keep': '' };
  const SHOW = sh`cat './etc/a b' 2>/dev/null; ls -A ./etc ./run ./var/lib/hookfleet/protected-domains 2>/dev/null`;

  test(title('what a stopped step has changed is taken back, and what it said is told'), async t => {
    const script = lines([
      sh`(
set -e
ROOT=
unit=libvirtd`,
      RESTART,
      UNDO,
      sh`keep file '/etc/a b'
keep new /etc/new
remember file '/etc/a b'
echo after | renew '/etc/a b'
echo new | renew /etc/new
cat './etc/a b' ./etc/new
set -f
IFS=,
stop clients 'olga (virsh)'
)
echo "code $?"`,
      SHOW,
    ]);
    const { stdout } = await inRoot(t, script, { shell, files });
    t.is(
      stdout,
      `after\nnew\nG\tclients\tolga (virsh)\ncode ${STOPPED}\nbefore\n./etc:\na b\n\n./run:\n.keep`,
    );
  });

  test(title('what has come to its end stays, and what was there before is kept, once'), async t => {
    const script = lines([
      sh`(
set -e
unit=libvirtd`,
      RESTART,
      UNDO,
      sh`keep file '/etc/a b'
remember file '/etc/a b'
remember none /etc/none
echo after | renew '/etc/a b'
remember file '/etc/a b'
done=yes
)
echo "code $?"`,
      SHOW,
      sh`cat ./var/lib/hookfleet/protected-domains/file.before`,
    ]);
    const { stdout } = await inRoot(t, script, { shell, files });
    t.is(
      stdout,
      'code 0\nafter\n./etc:\na b\n\n./run:\n.keep\n\n./var/lib/hookfleet/protected-domains:\nfile.before\nnone.none\nbefore',
    );
  });

  test(title('a step that is ended by a signal takes its changes back too'), async t => {
    const script = lines([
      sh`(
set -e
unit=libvirtd`,
      RESTART,
      UNDO,
      sh`keep file '/etc/a b'
echo after | renew '/etc/a b'
sh -c 'kill -TERM "$PPID"'
sleep 5
)
echo "code $?"`,
      SHOW,
    ]);
    const { stdout } = await inRoot(t, script, { shell, files });
    t.is(stdout, 'code 143\nbefore\n./etc:\na b\n\n./run:\n.keep');
  });
}
