import { newNonce, scriptText } from '../../remote/script/framing.ts';
import { probeFragments } from '../../run/host-plan.ts';
import type { RunPlay } from '../../run/run.ts';

/** The script that a check sends to the hosts of the first play: text for the stdin of `sh -s`, to be run as root. */
export function probeScript([play]: readonly RunPlay[]): string {
  return scriptText(probeFragments(play?.hosts[0] ? play.resourcesOf(play.hosts[0]) : []), newNonce(), {
    stopAtFailure: false,
  });
}
