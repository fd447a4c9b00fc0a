import { driverHooks } from '../../catalog/libvirt-drivers.ts';
import type { Change } from '../../core/change.ts';
import { lines, sh } from '../../core/sh.ts';
import type { Step } from '../resource.ts';
import { DAEMON, noteNoticed } from './libvirt-hook-daemons.ts';
import type { Looking } from './libvirt-hook-diff.ts';

/** The exit code of a reload that was not begun. */
const SILENT = 80;

/**
 * Lets a daemon look for hooks anew, by SIGHUP, which no guest notices: at a restart it would call `reconnect`, and a hook
 * that fails then ends every running guest. A daemon that is still starting drops the signal, so it must answer first. A
 * daemon that has ended meanwhile looks at its next start.
 */
export function reloadStep(change: Change, looking: readonly Looking[]): Step {
  const unit = change.id;
  const service = `${unit}.service`;
  const due = looking.filter(({ daemon }) => daemon.unit === unit);
  const uri = due.flatMap(
    ({ driver }) => driverHooks(driver).daemons.find(one => one.unit === unit)?.uri ?? [],
  )[0];
  const waiting =
    uri === undefined
      ? sh``
      : sh`answer=0
if command -v virsh >/dev/null; then timeout 60 virsh -r -q -c ${uri} version </dev/null >/dev/null 2>&1 || answer=$?; fi
if [ "$answer" = 124 ]; then echo ${unit} 'does not answer' >&2; exit ${SILENT}; fi`;
  return {
    title: `reload ${unit}`,
    script: sh`${DAEMON}
${waiting}
daemon ${unit}
[ -n "$pid" ] || exit 0
if [ -d ./run/systemd/system ]; then systemctl reload ${service} >/dev/null; else kill -HUP "$pid"; fi
# Nothing tells when it has looked: it does so in its own time, right after the signal.
sleep 2
daemon ${unit}
${lines(due.map(({ driver }) => noteNoticed(driver, unit, sh`"$identity"`)))}`,
    command: `systemctl reload ${unit}`,
    timeoutSeconds: 180,
    changes: [change],
    explain: ({ exitCode }) =>
      exitCode === SILENT
        ? {
            message: `${unit} of this host does not answer, so it was not told of the hooks`,
            hint: 'They are in place. A hook that hangs keeps it from answering; look at that, then run this again.',
          }
        : {
            message: `${unit} of this host could not be reloaded`,
            hint: `The hooks are in place, and are called from its next start on. \`systemctl status ${unit}\` tells why; never restart it for this.`,
          },
  };
}
