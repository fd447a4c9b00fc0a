/** The operation of a patched libvirt that can be refused; no release has it. */
export const VETOED = 'stop';

/**
 * Refuses `stop` for the domains of the list that lies two folders above it, by name and by the UUID of the domain XML on
 * its stdin. All it runs besides the shell itself is `id`; where the list cannot be told, it refuses, and any other
 * operation it lets pass. Whoever is not root has domains of his own, which no list is about.
 */
const TEXT = `#!/bin/sh
# Written by hookfleet: an edit is undone by its next run.
case $2 in
  ${VETOED}) ;;
  *) exit 0 ;;
esac
exec 1>&2
uid=$(id -u) || uid=0
if [ "$uid" != 0 ]; then exit 0; fi
list=\${0%/*}/../../protected-domains
if [ ! -f "$list" ]; then
  echo "hookfleet: the list of protected domains is not there, so no domain is stopped"
  exit 1
fi
tab=$(printf '\\t')
cr=$(printf '\\r')
bom=$(printf '\\357\\273\\277')
uuid=
while [ -z "$uuid" ] && { IFS= read -r line || [ -n "$line" ]; }; do
  case $line in
    *'<uuid>'*'</uuid>'*)
      uuid=\${line#*<uuid>}
      uuid=\${uuid%%</uuid>*} ;;
  esac
done
ended=
while IFS= read -r line || { ended=yes; [ -n "$line" ]; }; do
  line=\${line#"$bom"}
  line=\${line%%[" $tab"]#*}
  case $line in '#'*) continue ;; esac
  while :; do
    case $line in
      [" $tab$cr"]*) line=\${line#?} ;;
      *[" $tab$cr"]) line=\${line%?} ;;
      *) break ;;
    esac
  done
  if [ -z "$line" ]; then continue; fi
  if [ "$line" = "$1" ] || [ "$line" = "$uuid" ]; then
    printf '%s\\n' "hookfleet: the domain $1 is protected, so it is not stopped (/etc/libvirt/protected-domains)"
    exit 1
  fi
done <"$list"
if [ -z "$ended" ]; then
  echo "hookfleet: the list of protected domains cannot be read, so no domain is stopped"
  exit 1
fi
exit 0
`;

/** As the libvirt hooks of a play are named. */
export const VETO = {
  driver: 'qemu',
  name: '00-hookfleet-protected-domains',
  text: TEXT,
} as const;

export const VETO_PATH = `/etc/libvirt/hooks/${VETO.driver}.d/${VETO.name}`;
