import test from 'ava';
import { found, QEMU } from './context.ts';

// A hook that is to keep guests from being stopped, with the faults that such scripts are published with.
const VETO = `#!/bin/bash
# /etc/libfirt/hooks/qemu.d/20-protection
set -e
LIST=/etc/libvirt/protected-domains
LOGS=/tmp/libvirt-hook-logs
log() { echo "$*" >>"$LOGS/protection.log"; logger -t libvirt-hook-test "$*"; }
name=$1
case "$2" in
  stop)
    if grep -Fxq -- "$name" <(sed 's/#.*//' "$LIST"); then
      log "kept $name"
      logger -t vm-protection "kept $name"
      exit 1
    fi
    ;;
  stopped | release)
    exit 1
    ;;
esac
exit 0
`;

const findings = found(VETO, QEMU, '10-vm-protection');

for (const [row, id] of [
  ['1: an operation that libvirt never calls', 'unknown-operation 9'],
  ['2: the missing folder of a log decides, by set -e', 'set-e 3'],
  ['3: so does a missing logger', 'set-e 3'],
  ['5: blanks remain of a line with a comment', 'comment-blanks 10'],
  ['6: so do blanks and CR at its ends', 'comment-blanks 10'],
  ['7: db#1 protects db', 'hash-in-name 10'],
  ['8: a missing list reads as an empty one', 'process-substitution 10'],
  ['9: so does a missing sed', 'process-substitution 10'],
  ['10: there may be no /dev/fd', 'process-substitution 10'],
  ['11: root writes to where a link leads', 'tmp-path 5'],
  ['12: or hangs at a pipe', 'tmp-path 5'],
  ['16: a renamed guest is not found', 'name-only 10'],
  ['17: the path in the header has a slip', 'path-typo 2'],
  ['17: the header names another file', 'names-differ 2'],
  ['17: the log has two tags', 'names-differ 12'],
  ['19: a veto where the status is ignored', 'ignored-exit 17'],
] as const) {
  test(`row ${row}`, t => t.true(findings.includes(id), findings.join(', ')));
}

test('nothing else is found in it', t => t.is(findings.length, 11));

const MENDED = `#!/bin/sh
exec 1>&2
case $2 in
  prepare) ;;
  *) exit 0 ;;
esac
uuid=$(sed -n 's:.*<uuid>\\(.*\\)</uuid>.*:\\1:p' | head -n 1)
kept=no
while read -r word _; do
  case $word in
    '' | '#'*) ;;
    "$1" | "$uuid") kept=yes ;;
  esac
done </etc/libvirt/protected-domains || logger -t 10-guard "no list" || :
if [ "$kept" = yes ]; then
  echo "guest $1 is not to be started here"
  exit 1
fi
exit 0
`;

test('a hook without these faults has no finding', t => t.deepEqual(found(MENDED, QEMU, '10-guard'), []));
