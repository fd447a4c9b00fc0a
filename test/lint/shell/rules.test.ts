// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the shell's own braces
import test from 'ava';
import type { HookContext } from '../../../src/lint/context.ts';
import { found, QEMU, vdsm } from '../context.ts';

const START = vdsm('before_vm_start');
const DAEMON: HookContext = { kind: 'libvirt', driver: 'daemon' };
const UNKNOWN: HookContext = { kind: 'unknown' };

/** The first line of each is `#!/bin/sh`: the script begins on line 2. */
const CASES: readonly (readonly [
  title: string,
  context: HookContext,
  script: string,
  ids: readonly string[],
])[] = [
  ['set -e', QEMU, 'set -eu\nexit 0', ['set-e 2']],
  ['set -o errexit', START, 'set -o errexit', ['set-e 2']],
  ['set -e with a trap', QEMU, "set -e\ntrap 'exit 0' EXIT", []],
  ['set -e where nothing can be aborted', vdsm('after_vm_start'), 'set -e', []],
  ['a test as the last command', QEMU, '[ "$2" = start ] && touch /run/x', ['last-status 2']],
  ['a test as the last command, with a way out', QEMU, '[ "$2" = start ] && touch /run/x || :', []],
  ['a test before the last command', QEMU, '[ "$2" = start ] && touch /run/x\nexit 0', []],
  ['exit 3 for VDSM', START, 'exit 3', ['exit-status 2']],
  ['exit 2 for VDSM', START, 'exit 2', []],
  ['exit 1 at release', QEMU, 'if [ "$2" = release ]; then exit 1; fi', ['ignored-exit 2']],
  ['exit 1 at prepare', QEMU, 'case $2 in prepare) exit 1;; esac', []],
  ['a log below /tmp', UNKNOWN, 'date >>/tmp/hook.log\ndate >>/tmp/hook.log', ['tmp-path 2']],
  ['a name of its own below /tmp', UNKNOWN, 'f=$(mktemp /tmp/hook.XXXXXX)\nTMPDIR=/tmp', []],
  ['a pid is no secret', UNKNOWN, 'f=/var/tmp/hook.$$', ['tmp-path 2']],
  ['a child in the background', START, 'sleep 9 &', ['background-child 2']],
  ['a child that holds stderr', QEMU, '(sleep 9; date) >/dev/null &', ['background-child 2']],
  ['a child that holds nothing', QEMU, '(sleep 9; date) >/dev/null 2>&1 &', []],
  ['a child that is waited for', START, 'sleep 9 &\nwait', []],
  ['a child after exec', QEMU, 'exec >/run/log 2>&1\nsleep 9 &', []],
  ['virsh', QEMU, 'virsh dumpxml "$1" >/run/x', ['libvirt-call 2']],
  ['virsh in $( ) behind timeout', QEMU, 'x=$(timeout 5 /usr/bin/virsh list)', ['libvirt-call 2']],
  ['virsh in a text for a shell', QEMU, 'su - -c "virsh list"', ['libvirt-call 2']],
  ['the monitor', QEMU, 'echo quit | socat - UNIX:/var/lib/libvirt/qemu/x.monitor', ['libvirt-call 2']],
  ['a look whether virsh is there', QEMU, 'command -v virsh >/dev/null || exit 0', []],
  ['virsh later, by systemd', QEMU, 'systemd-run --no-block virsh start "$1" >&2', []],
  ['virsh later, detached', QEMU, '(sleep 9; virsh start x) >/dev/null 2>&1 &', []],
  ['virsh for a device', QEMU, 'virsh nodedev-detach pci_0000_01_00_0', ['libvirt-call 2']],
  ['virsh in a hook of VDSM', START, 'virsh -r list', []],
  ['an output at every operation', QEMU, 'echo hello', ['stdout-chatter 2']],
  ['an output for the log', QEMU, 'echo hello >&2\necho hello | logger\nx=$(date)', []],
  ['an output after exec', QEMU, 'exec 1>&2\necho hello', []],
  [
    'an output at another operation',
    QEMU,
    'case $2 in\nstart) echo a;;\nesac\n[ "$2" = prepare ] && echo b\nexit 0',
    [],
  ],
  [
    'an output at all other operations',
    QEMU,
    'case $2 in\nstart) ;;\n*) echo a;;\nesac',
    ['stdout-chatter 4'],
  ],
  ['an output after all others have left', QEMU, '[ "$2" = start ] || exit 0\necho a', []],
  ['an output after a case that leaves', QEMU, 'case $2 in\nstart) ;;\n*) exit 0;;\nesac\necho a', []],
  ['an output of a function', QEMU, 'say() { echo "$*"; }\nsay a', ['stdout-chatter 2']],
  ['an output of a function that is asked', QEMU, 'say() { echo "$*"; }\nx=$(say a)', []],
  ['the XML of the guest', QEMU, 'xml=$(cat)\nprintf "%s\\n" "$xml"', []],
  ['an output where nobody takes it', DAEMON, 'echo hello', []],
  ['stop', QEMU, 'op=$2\ncase "$op" in stop) ;; esac', ['unknown-operation 3']],
  ['attach is gone', QEMU, '[ "${2}" = attach ] || exit 0', ['unknown-operation 2']],
  ['a slip', QEMU, '[ "$2" = realease ] || exit 0', ['unknown-operation 2']],
  ['operation and sub-operation together', QEMU, 'case $2/$3 in prepare/begin|started/*) ;; esac', []],
  ['another argument', QEMU, 'case $1 in stop) ;; esac', []],
  ['an operation of another driver', QEMU, '[ "$2" = port-created ] || exit 0', ['unknown-operation 2']],
  [
    'a property that nobody is told of',
    START,
    'echo "$known ${unknown} $unknown" >&2',
    ['undeclared-property 2'],
  ],
  [
    'variables of the script and of VDSM',
    START,
    'x=1\nfor y in $x; do read -r z; done\necho "$x$y$z$vmId$HOME$_hook_domxml"',
    [],
  ],
  ['a script that runs another', START, '. /etc/sysconfig/hook\necho "$setting"', []],
  [
    'the XML at an event with JSON',
    vdsm('before_get_caps'),
    'cat "$_hook_json" "$_hook_domxml" >/dev/null',
    ['wrong-input 2'],
  ],
  ['an output of a process read', UNKNOWN, 'while read -r x; do :; done < <(ls)', ['process-substitution 2']],
  ['an input of a process', UNKNOWN, 'exec 2> >(logger)', []],
  [
    'comments that begin at the start or behind a blank',
    QEMU,
    'sed \'s/^#.*//\' l | grep -x "$1" # uuid',
    [],
  ],
  ['lines that are trimmed', START, "sed 's/[[:space:]]*#.*//' l | grep -x a", []],
  [
    'a part of a line',
    START,
    'x=${l%%#*}\n[ "$x" = "$l" ] || exit 0',
    ['comment-blanks 2', 'undeclared-property 2'],
  ],
];

for (const [title, context, script, ids] of CASES) {
  test(`${title}: ${ids.join(', ') || 'nothing to tell'}`, t =>
    t.deepEqual(found(`#!/bin/sh\n${script}\n`, context), [...ids]));
}

test('set -e in the first line counts too', t =>
  t.deepEqual(found('#!/bin/bash -e\nexit 0\n', QEMU), ['set-e 1']));
