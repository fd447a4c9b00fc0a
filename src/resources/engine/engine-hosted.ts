import { type Sh, sh } from '../../core/sh.ts';

/** Of an engine that runs in a VM of oVirt: whether that VM is the hosted engine, and in global maintenance. */
export type HostedFound = 'no' | 'maintenance' | 'watched' | 'unknown';

/** One row, which tells an answer from no answer: engine-psql.sh ends with 0 even after an SQL error. */
const QUESTION = `select 'hosted ' || coalesce((
select case when s.ha_global_maintenance then 'maintenance' when not s.ha_global_maintenance then 'watched' end
from vms v left join vds_statistics s on s.vds_id = v.run_on_vds
where v.vm_name = (select option_value from vdc_options where option_name = 'HostedEngineVmName' limit 1)
limit 1), case when exists (select 1 from vms where vm_name =
(select option_value from vdc_options where option_name = 'HostedEngineVmName' limit 1)) then 'unknown' else 'no' end)`;

/**
 * A part of the probe: prints `hosted EXIT CONTENT` on a machine that is a VM of oVirt (vdsm: lib/vdsm/osinfo.py gives
 * its VMs that vendor). It asks the engine's database as engine-setup itself does, by the name of the hosted engine's VM
 * and the state of the host that runs it (engine: packaging/setup/plugins/ovirt-engine-common/ovirt-engine/system/he.py).
 * engine-psql.sh logs each of its calls.
 */
export const HOSTED_PROBE: Sh = sh`case $(cat ./sys/class/dmi/id/sys_vendor 2>/dev/null) in
  oVirt* | 'Red Hat'*)
    hf_exit=0
    hf_out=$(timeout -k 5 20 "$ROOT"/usr/share/ovirt-engine/dbscripts/engine-psql.sh -qAtc ${QUESTION} </dev/null 2>/dev/null) || hf_exit=$?
    hf_part "hosted $hf_exit" "$hf_out" ;;
esac`;

/** Reads what {@link HOSTED_PROBE} got for an answer. */
export function readHosted(answer: string): HostedFound {
  const word = /^hosted (no|maintenance|watched)$/m.exec(answer)?.[1];
  return word === 'no' || word === 'maintenance' || word === 'watched' ? word : 'unknown';
}

/** How long a hosted engine may be unwell (ha: agent/constants.py.in, ENGINE_BAD_HEALTH_TIMEOUT_SECS). */
const PATIENCE_SECONDS = 300;

const SWITCHES =
  'On a hosted-engine host, type `hosted-engine --set-maintenance --mode=global` before it, and `hosted-engine --set-maintenance --mode=none` after it.';

/** What a person should know before ovirt-engine is restarted; undefined where there is no agent that watches it. */
export function hostedNote(hosted: HostedFound | null): string | undefined {
  switch (hosted) {
    case 'watched':
      return `This is a hosted engine, not in global maintenance: its agent stops the engine's VM, in the middle of a restart too, once it has not been well for ${PATIENCE_SECONDS} s. ${SWITCHES}`;
    case 'unknown':
      return `This engine runs in a VM of oVirt. If that is the hosted engine, its agent stops the VM, in the middle of a restart too, once the engine has not been well for ${PATIENCE_SECONDS} s. ${SWITCHES}`;
    case 'maintenance':
      return 'This is a hosted engine, in global maintenance: its agent leaves a restart alone. `hosted-engine --set-maintenance --mode=none` on a hosted-engine host ends that.';
    default:
      return undefined;
  }
}
