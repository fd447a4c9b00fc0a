/** How a step leaves the host where it does not come to its end. */
import test from 'ava';
import { lines, type Sh, sh } from '../../../src/core/sh.ts';
import { RESTART } from '../../../src/resources/protected-domains/protected-restart.ts';
import { STOPPED, UNDO } from '../../../src/resources/protected-domains/protected-undo.ts';
import { inRoot } from '../in-root.ts';

const SHELLS = [['dash'], ['bash', '--posix']] as const;

const FILES = {
  'etc/libvirt/libvirtd.conf': 'before\n',
  'etc/rules': 'before\n',
  'run/.keep': '',
  'var/lib/.keep': '',
};

/** A daemon that is started anew by each start of systemd, as `$pid` and `$birth` tell. */
const DAEMON_HERE: Sh = sh`daemon() { pid=$(cat ./pid 2>/dev/null || :) birth=$pid; }`;

const SYSTEMCTL = `echo "$*" >>./calls
case $* in
  'stop libvirtd.service') rm -f ./pid ;;
  'start libvirtd.service') echo "again, with $(cat ./etc/libvirt/libvirtd.conf), $(cat ./etc/rules)" >./pid ;;
  *restart*) . ./restart ;;
  *is-active*) exit 3 ;;
esac`;

for (const shell of SHELLS) {
  const title = (text: string) => `${shell.join(' ')}: ${text}`;
  const step = (part: Sh): Sh =>
    lines([
      sh`(
set -e
ROOT=
unit=libvirtd`,
      RESTART,
      UNDO,
      DAEMON_HERE,
      part,
      sh`done=yes
)
echo "code $?"
cat ./etc/libvirt/libvirtd.conf ./etc/rules
ls -A ./etc ./etc/libvirt ./run`,
    ]);
  const AS_BEFORE =
    'before\nbefore\n./etc:\nlibvirt\nrules\n\n./etc/libvirt:\nlibvirtd.conf\n\n./run:\n.keep';
  const CHANGED = sh`keep rules /etc/rules
keep conf /etc/libvirt/libvirtd.conf
echo after | renew /etc/rules
echo after | renew /etc/libvirt/libvirtd.conf`;
  const programs = { systemctl: SYSTEMCTL, journalctl: 'echo error: so it is', sleep: '' };

  test(title('the daemon asks nobody again before the rules go'), async t => {
    const script = step(sh`${CHANGED}
restart`);
    const { stdout } = await inRoot(t, lines([script, sh`cat ./pid`]), {
      shell,
      files: { ...FILES, pid: 'first', restart: 'rm ./pid; exit 1' },
      programs,
    });
    t.is(
      stdout,
      `G\tdaemon\tlibvirtd|error: so it is\ncode ${STOPPED}\n${AS_BEFORE}\nagain, with before, after`,
    );
  });

  test(title('the rules stay where the configuration cannot be brought back'), async t => {
    const { stdout } = await inRoot(
      t,
      step(sh`${CHANGED}
rm "$undo/conf"
false`),
      { shell, files: FILES, programs },
    );
    t.regex(stdout, /^B\t.*cannot stat.*\ncode 1\nafter\nafter\n/);
  });

  test(title('a daemon that was not even stopped is left alone'), async t => {
    const script = step(sh`${CHANGED}
restart`);
    const { stdout } = await inRoot(t, lines([script, sh`cat ./calls`]), {
      shell,
      files: { ...FILES, pid: 'first', restart: 'echo Unit is masked. >&2; exit 1' },
      programs,
    });
    t.true(
      stdout.startsWith(`G\tunrestarted\tlibvirtd|Unit is masked\ncode ${STOPPED}\n${AS_BEFORE}\n`),
      stdout,
    );
    t.notRegex(stdout, /^(?:stop|start) /m);
  });

  test(title('a configuration from the future does not hold the restart up'), async t => {
    const { stdout } = await inRoot(
      t,
      step(sh`touch -d '2199-01-01' ./etc/libvirt/libvirtd.conf
restart`),
      {
        shell,
        files: { ...FILES, pid: 'first', restart: 'echo next >./pid' },
        programs: { ...programs, timeout: '' },
      },
    );
    t.regex(stdout, /^code 0\n/);
  });

  test(title('a daemon that was started meanwhile has read what was there then'), async t => {
    const { stdout } = await inRoot(
      t,
      step(sh`${CHANGED}
not_running libvirtd`),
      { shell, files: { ...FILES, pid: 'first' }, programs },
    );
    t.is(stdout, `G\tappeared\tlibvirtd\ncode ${STOPPED}\n${AS_BEFORE}`);
  });

  test(title('a full disk leaves no half-written file behind'), async t => {
    const { stdout } = await inRoot(
      t,
      step(sh`keep rules /etc/rules
keep conf /etc/libvirt/libvirtd.conf
renew /etc/rules <./text`),
      {
        shell,
        files: { ...FILES, text: 'after\n' },
        programs: { ...programs, sync: 'echo No space left on device >&2; exit 1' },
      },
    );
    t.is(stdout, `code 1\n${AS_BEFORE}`);
  });

  test(title('what hookfleet wrote itself is not what was there before'), async t => {
    const { stdout } = await inRoot(
      t,
      step(sh`remember rules /etc/rules
remember other /etc/libvirt/libvirtd.conf
ls ./var/lib/hookfleet/protected-domains`),
      { shell, files: { ...FILES, 'etc/rules': '// Written by hookfleet: an edit …\nx\n' }, programs },
    );
    t.regex(stdout, /^other\.before\nrules\.none\ncode 0\n/);
  });
}
