/** What polkit must answer before libvirt is told to ask it, with a polkit of the test's own. */
import test from 'ava';
import { DENIED_PERMISSIONS } from '../../../src/catalog/domain-permissions.ts';
import { lines, type Sh, sh } from '../../../src/core/sh.ts';
import { ASK, DETAILS, MEMBERS } from '../../../src/resources/protected-domains/protected-ask.ts';
import { CLIENTS_GUARD, polkitGuard } from '../../../src/resources/protected-domains/protected-guards.ts';
import { RESTART } from '../../../src/resources/protected-domains/protected-restart.ts';
import { STOPPED, UNDO } from '../../../src/resources/protected-domains/protected-undo.ts';
import { inRoot } from '../in-root.ts';

const SHELLS = [['dash'], ['bash', '--posix']] as const;

for (const shell of SHELLS) {
  const title = (text: string) => `${shell.join(' ')}: ${text}`;

  /** A polkit that answers: the exit code by user (its uid), action and domain. */
  const guarded = (answers: string, guard: Sh = polkitGuard(['db-1', 'db 2'], true), users = 'olga') => ({
    script: lines([
      sh`(
set -e
unit=libvirtd`,
      ASK,
      DETAILS,
      RESTART,
      UNDO,
      sh`sleep() { :; }
users=${users}
set -f
IFS='
'`,
      guard,
      sh`done=yes
)
echo "code $?"`,
    ]),
    about: {
      shell,
      files: {
        'run/.keep': '',
        'proc/sys/kernel/random/uuid': '11111111-1111-4111-8111-111111111111\n',
      },
      programs: {
        id: `case $*:$3 in *nobody*) echo 65534 ;; *) echo 1002 ;; esac`,
        setpriv: 'exec sleep 20',
        sed: 'echo 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 500',
        pkcheck: `who=\${4##*,}; case $who:\${2##*api.}:\${10} in ${answers} esac`,
      },
    },
  });
  const RIGHT = [
    '65534:node-device.read:*) exit 0 ;;',
    '65534:*) exit 1 ;;',
    '1002:domain.stop:hookfleet-free-*) exit 0 ;;',
    '*:*:db-1 | *:*:"db 2") exit 1 ;;',
    '*) exit 1 ;;',
  ];

  for (const [what, first, told] of [
    ['all is as it shall be', '', 'code 0'],
    [
      'an operator is refused a free domain',
      '1002:domain.stop:hookfleet-free-*) exit 1 ;;',
      'G\trefused\tolga',
    ],
    ['a password would be asked for', '1002:domain.stop:hookfleet-free-*) exit 2 ;;', 'G\trefused\tolga'],
    [
      'one of many operations is let through',
      '1002:domain.write:db-1) exit 0 ;;',
      'G\tallowed\tolga|write|db-1',
    ],
    ['a second domain is not protected', '1002:domain.stop:"db 2") exit 0 ;;', 'G\tallowed\tolga|stop|db 2'],
    ['the rules are not read', '65534:node-device.read:*) exit 1 ;;', 'G\tunread\tunread'],
    ['polkit is not there', '*) exit 127 ;;', 'G\tsilent\tsilent'],
  ] as const) {
    test(title(`polkit is asked before libvirt is told to ask it: ${what}`), async t => {
      const { script, about } = guarded([first, ...RIGHT].join('\n'));
      const { stdout } = await inRoot(t, script, about);
      t.is(stdout, told.startsWith('G') ? `${told}\ncode ${STOPPED}` : told);
    });
  }

  test(
    title('of many domains each is asked about once, all operations of the first one by everybody'),
    async t => {
      const { script, about } = guarded(
        RIGHT.join('\n'),
        polkitGuard(['db-1', 'db-2', 'db-3', 'db-4'], false),
        'olga\nmona',
      );
      const many = lines([script, sh`cat ./asked`]);
      const { stdout } = await inRoot(t, many, {
        ...about,
        programs: {
          ...about.programs,
          id: `case $* in *nobody*) echo 65534 ;; *mona*) echo 1003 ;; *) echo 1002 ;; esac`,
          pkcheck: `echo "\${4##*,} \${2##*.} \${10}" >>./asked; exit 1`,
        },
      });
      const asked = stdout.split('\n').filter(line => line.startsWith('100'));
      t.is(asked.filter(line => line.endsWith(' db-1')).length, 2 * DENIED_PERMISSIONS.length);
      t.deepEqual(asked.filter(line => !line.endsWith(' db-1')).sort(), [
        '1002 stop db-2',
        '1002 stop db-4',
        '1003 stop db-3',
      ]);
    },
  );

  /** A libvirtd with these clients: what `virt-admin client-info` says of each. */
  const connected = (clients: readonly Readonly<Record<string, string>>[]) => {
    const { script, about } = guarded(
      ['*:domain.stop:*) [ "$who" = 1002 ] ;;', '*) exit 1 ;;'].join('\n'),
      lines([MEMBERS, sh`daemon() { case $1 in libvirtd) pid=1 ;; *) pid= ;; esac; }`, CLIENTS_GUARD]),
    );
    const infos = clients.map(
      (client, i) =>
        `${i + 1}) cat <<'END'\n${Object.entries({
          transport: 'unix',
          readonly: 'no',
          unix_process_id: '9',
          ...client,
        })
          .map(([key, value]) => `${key.padEnd(15)}: ${value}`)
          .join('\n')}\nEND\n;;`,
    );
    const rows = clients.map((_, i) => ` ${i + 1}   unix   2026-11-20 15:39:48+0000`).join('\n');
    return {
      script,
      about: {
        ...about,
        programs: {
          ...about.programs,
          sed: 'exec /bin/sed "$@"',
          'virt-admin': `case $4 in
  srv-clients-list) printf '%s\\n' ' Id   Transport   Connected since' '-----' '${rows}' ;;
  *) case $6 in ${infos.join('\n')}
    esac ;;
esac`,
        },
        files: { ...about.files, 'proc/9/stat': '9 (virsh) S 1', 'proc/9/comm': 'virsh\n', 'etc/passwd': '' },
      },
    };
  };
  const OLGA = { unix_user_id: '1002', unix_user_name: 'olga' };
  const MONA = { unix_user_id: '1003', unix_user_name: 'mona' };

  for (const [what, clients, told] of [
    ['nobody', [], 'code 0'],
    ['an operator', [OLGA], 'code 0'],
    ['root', [{ unix_user_id: '0', unix_user_name: 'root' }], 'code 0'],
    ['somebody who may only look on', [{ ...MONA, readonly: 'yes' }], 'code 0'],
    [
      'somebody without a grant, twice',
      [OLGA, MONA, MONA],
      `G\tclients\tmona (virsh, process 9)\ncode ${STOPPED}`,
    ],
    [
      'a client of another host',
      [{ transport: 'tls', sock_addr: '192.0.2.7;55000' }],
      `G\tremote\t192.0.2.7;55000\ncode ${STOPPED}`,
    ],
  ] as const) {
    test(title(`who is connected: ${what}`), async t => {
      const { script, about } = connected(clients);
      const { stdout } = await inRoot(t, script, about);
      t.is(stdout, told);
    });
  }

  test(title('a client that has gone while it was asked about has nothing to lose'), async t => {
    const { script, about } = connected([OLGA]);
    const { stdout } = await inRoot(t, script, {
      ...about,
      programs: { ...about.programs, pkcheck: 'rm -rf ./proc/9; exit 127' },
    });
    t.is(stdout, 'code 0');
    const silent = await inRoot(t, script, {
      ...about,
      programs: { ...about.programs, pkcheck: 'exit 127' },
    });
    t.is(silent.stdout, `G\tsilent\t\ncode ${STOPPED}`);
  });

  test(title('who will be let in by a daemon that does not listen yet'), async t => {
    const { script, about } = connected([]);
    const { stdout } = await inRoot(t, script, {
      ...about,
      files: { ...about.files, 'etc/passwd': 'mona:x:1003:1003::/:/bin/sh\n' },
      programs: { ...about.programs, pkcheck: 'case $2 in *unix.manage) exit 0 ;; *) exit 1 ;; esac' },
    });
    t.is(stdout, `G\tclients\tmona (may connect)\ncode ${STOPPED}`);
  });

  test(title('a polkit that hangs is asked a few times'), async t => {
    const { script, about } = guarded(['*) echo >>./asked; exit 124 ;;'].join('\n'));
    const { stdout } = await inRoot(t, lines([script, sh`wc -l <./asked`]), about);
    t.is(stdout, `G\tsilent\tsilent\ncode ${STOPPED}\n4`);
  });
}
