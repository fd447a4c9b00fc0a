import { type Sh, sh } from '../../core/sh.ts';
import { RUNNER_FOLDER } from './libvirt-hook-runner.ts';

/** What inside the fence can be written to; nothing of it is there afterwards. */
const SCRATCH = '/run /run/lock:mode=1777 /var/log';

/**
 * System calls that reach processes, keys, shared memory and queues of the same user: systemd has no wall of its own for
 * them that old versions know.
 */
const REACHING_OUT = [
  'kill tkill tgkill rt_sigqueueinfo rt_tgsigqueueinfo pidfd_send_signal ptrace process_vm_writev',
  'prlimit64 sched_setaffinity sched_setattr sched_setparam sched_setscheduler setpriority ioprio_set',
  'migrate_pages move_pages add_key request_key keyctl mq_open mq_unlink',
  'shmget shmat shmctl semget semop semtimedop semctl msgget msgsnd msgrcv msgctl',
].join(' ');

/** Properties of systemd.exec(5), all known to systemd 239 of EL 8, the oldest with a libvirt that has drop-ins. */
const WALLS: readonly string[] = [
  'ProtectSystem=strict',
  // Strict leaves the homes as they are.
  'ProtectHome=read-only',
  'ProtectKernelTunables=yes',
  'ProtectKernelModules=yes',
  'ProtectControlGroups=yes',
  'PrivateNetwork=yes',
  // No network of its own keeps it from vsock, which leads to guests, nor from sockets in folders.
  'RestrictAddressFamilies=AF_INET AF_INET6 AF_NETLINK',
  'PrivateTmp=yes',
  'PrivateDevices=yes',
  'CapabilityBoundingSet=',
  'AmbientCapabilities=',
  'NoNewPrivileges=yes',
  'RestrictNamespaces=yes',
  'ReadOnlyPaths=/proc',
  // D-Bus, libvirt and all other sockets of the system are in /run; those of QEMU's monitors in /var/lib/libvirt.
  `TemporaryFileSystem=${SCRATCH}`,
  'InaccessiblePaths=-/var/lib/libvirt -/dev/shm -/dev/mqueue -/dev/hugepages -/dev/pts',
  `SystemCallFilter=~${REACHING_OUT}`,
  'SystemCallErrorNumber=EPERM',
  'KillSignal=SIGKILL',
  'TasksMax=256',
  'RuntimeMaxSec=120',
];

/**
 * What builds the same walls by hand where there is no systemd: as root in namespaces of its own, of which the runner is
 * process 1. It ends at the first wall that does not stand.
 */
const BY_HAND: Sh = sh`set -eu
who=$1 work=$2 staged=$3 target=$4
shift 4
mount --make-rprivate /
: >"$work/none"
# A network of its own does not keep it from sockets in folders; those of /run and /tmp go with these below.
sed -n 's|^\([^ ]* *\)\{7\}/|/|p' /proc/1/net/unix | sort -u | while read -r socket; do
  case $socket in /run/* | /tmp/* | /var/tmp/*) continue ;; esac
  [ ! -S "$socket" ] || mount --bind "$work/none" "$socket"
done
umount -l -R /proc
mount -t proc -o nosuid,nodev,noexec proc /proc
if [ -n "$staged" ]; then
  mount --bind "$staged" "$work/libvirt/hooks/$target"
  shown=hooks/\${target%/*}
  [ "$who" = root ] || [ ! -e "$work/closed" ] || shown=
  mount --rbind "$work/libvirt/$shown" "/etc/libvirt/$shown"
fi
mount -t tmpfs -o mode=0755,nosuid,nodev none "$work/run"
mkdir "$work/run/lock" "$work/run/dev" "$work/run"${RUNNER_FOLDER.slice('/run'.length)}
chmod 1777 "$work/run/lock"
mount --bind "$work" "$work/run"${RUNNER_FOLDER.slice('/run'.length)}
for device in null zero full random urandom tty; do
  : >"$work/run/dev/$device"
  mount --bind "/dev/$device" "$work/run/dev/$device"
done
umount -l -R /dev 2>/dev/null || true
mount --rbind "$work/run/dev" /dev
for folder in /tmp /var/tmp; do mount -t tmpfs -o mode=1777,nosuid,nodev none "$folder"; done
mount -t tmpfs -o mode=0755,nosuid,nodev none /var/log
[ ! -d /var/lib/libvirt ] || mount -t tmpfs -o mode=0000 none /var/lib/libvirt
mkdir /tmp/run
mount --rbind "$work/run" /tmp/run
umount -l -R /run
mount --rbind /tmp/run /run
umount -l -R /tmp/run
cut -d ' ' -f 5 </proc/self/mountinfo >/tmp/points
while read -r point; do
  point=$(printf '%b' "$point")
  # What lies below a folder that is mounted over cannot be reached.
  [ -e "$point" ] || continue
  case $point in /tmp | /var/tmp | /var/log | /run) ;; *) mount -o remount,bind,ro "$point" ;; esac
done </tmp/points
rm /tmp/points
rmdir /tmp/run
set -- --no-new-privs --bounding-set=-all --inh-caps=-all /bin/sh ${RUNNER_FOLDER}/runner "$who" "$@"
[ "$who" = root ] || set -- --reuid="$who" --regid="$(id -g "$who")" --clear-groups "$@"
exec setpriv "$@"`;

/**
 * Defines the function `fence WHO`: runs the runner in `$work` as that user, where it can neither change nor reach
 * anything of the host, with the staged file `$new` at its final place, which is `$target` below the hooks' folder; with
 * an empty `$new`, the hook that is there.
 * systemd builds the walls, or util-linux where there is no systemd; nothing is run where they cannot be built.
 */
export const FENCE: Sh = sh`fence() {
  who=$1
  set -- "$(readlink ./proc/self/ns/net)" "$(readlink ./proc/self/ns/mnt)" "$(readlink ./proc/self/ns/pid)" "/etc/libvirt/hooks/$target" "$object"
  staged= inside=$ROOT/\${work#./}
  [ -z "$new" ] || staged=$ROOT/\${new#./}
  if [ ! -d ./run/systemd/system ] || ! command -v systemd-run >/dev/null; then
    printf '%s\n' ${BY_HAND.text} >"$work/by-hand"
    mkdir -p "$work/run"
    env -i PATH="$PATH" LC_ALL=C unshare --mount --net --pid --ipc --uts --fork /bin/sh "$inside/by-hand" "$who" "$inside" "$staged" "$target" "$@"
    return
  fi
  set -- /bin/sh ${RUNNER_FOLDER}/runner "$who" "$@"
  binds=$inside:${RUNNER_FOLDER}
  [ -z "$new" ] || binds="$binds $inside/libvirt/hooks/\${target%/*}:/etc/libvirt/hooks/\${target%/*} $staged:/etc/libvirt/hooks/$target"
  if [ "$who" != root ]; then
    set -- -p User="$who" "$@"
    [ ! -e "$work/closed" ] || binds="$inside/libvirt:/etc/libvirt $binds"
  fi
  systemd-run --wait --pipe --quiet --collect --description='hookfleet: dry run of a hook' -p BindReadOnlyPaths="$binds" ${WALLS.flatMap(wall => ['-p', wall])} "$@"
}`;
