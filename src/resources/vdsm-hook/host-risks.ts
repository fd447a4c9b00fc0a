import type { HostRisk } from '../../catalog/hooks.ts';
import type { Section } from '../../core/section.ts';
import { type Sh, sh } from '../../core/sh.ts';
import type { Explanation } from '../resource.ts';

/** What a condition under which a hook keeps VMs from starting looks like on a host. */
export interface RiskFound {
  /** Why it holds, as the begin of a sentence; undefined where it does not. */
  readonly because?: string;
  /** The package that mends it is not there yet: then it may come in together with the hook. */
  readonly mayCome: boolean;
  /** Worth knowing where it does not hold. */
  readonly note?: string;
}

interface Condition {
  readonly probe: Sh;
  /** What dnf is asked for together with the hook, so that both come or neither. */
  readonly brings: string;
  readonly remedy: string;
}

const CONF = '/etc/vhostmd/vhostmd.conf';

// The hook's own way to read the file (vdsm_hooks/vhostmd: before_vm_start.py), and as its own user: nothing else would
// judge alike.
const PARSE = `import sys
from xml.dom import minidom
try:
    minidom.parse(sys.argv[1])
except OSError as error:
    print("unreadable", error.strerror, sep="\\t")
except Exception as error:
    print("malformed", error, sep="\\t")
else:
    print("fine")
`;

const CONDITIONS: Readonly<Record<HostRisk, Condition>> = {
  'no-guestfs': {
    probe: sh`if python3 -c 'import guestfs' >/dev/null 2>&1; then state=fine; else state=missing; fi
rpm -q --qf '%{NAME}' -- python3-libguestfs >/dev/null 2>&1 && here=yes || here=no
printf 'R\tno-guestfs\t%s\t%s\n' "$here" "$state"`,
    brings: 'python3-libguestfs',
    remedy: 'Install python3-libguestfs there',
  },
  'no-vhostmd-conf': {
    probe: sh`if [ ! -e .${CONF} ]; then state=missing
elif command -v python3 >/dev/null; then
  as_vdsm() { if id -u vdsm >/dev/null 2>&1; then runuser -u vdsm -- "$@"; else "$@"; fi; }
  state=$(as_vdsm python3 -c ${PARSE} .${CONF} 2>/dev/null) || state=unknown
else state=unknown; fi
rpm -q --qf '%{NAME}' -- vhostmd >/dev/null 2>&1 && here=yes || here=no
printf 'R\tno-vhostmd-conf\t%s\t%s\n' "$here" "$state"`,
    brings: CONF,
    remedy: `Put a well-formed ${CONF} there (the package vhostmd brings one)`,
  },
};

/** Prints which of the conditions hold: one or two processes for each; nothing where none is asked for. */
export function riskProbes(risks: readonly HostRisk[]): Sh[] {
  return [...new Set(risks)].map(risk => CONDITIONS[risk].probe);
}

/** Reads the reply of {@link riskProbes}. */
export function readRisks({ stdout }: Section): Map<HostRisk, RiskFound> {
  const lines = [...stdout.matchAll(/^R\t(no-guestfs|no-vhostmd-conf)\t(yes|no)\t(\w+)(?:\t(.*))?$/gm)];
  return new Map(
    lines.map(([, risk, here, state = '', said = '']) =>
      risk === 'no-guestfs'
        ? ['no-guestfs', guestfs(here === 'yes', state)]
        : ['no-vhostmd-conf', vhostmdConf(here === 'yes', state, said)],
    ),
  );
}

function guestfs(isInstalled: boolean, state: string): RiskFound {
  if (state === 'fine') {
    return { mayCome: false };
  }
  return isInstalled
    ? {
        mayCome: false,
        note: 'python3 of this host cannot import guestfs, although python3-libguestfs is installed: `python3 -c "import guestfs"` tells why. Until it can, no VM starts there with the hook fileinject',
      }
    : { because: 'python3-libguestfs is not on this host', mayCome: true };
}

function vhostmdConf(isInstalled: boolean, state: string, said: string): RiskFound {
  switch (state) {
    case 'fine':
      return { mayCome: false };
    case 'missing':
      return { because: `${CONF} is not on this host`, mayCome: !isInstalled };
    case 'malformed':
      return { because: `${CONF} of this host is no well-formed XML (${said})`, mayCome: false };
    case 'unreadable':
      return { because: `User vdsm cannot read ${CONF} of this host (${said})`, mayCome: false };
    default:
      return { because: `python3 of this host cannot read ${CONF}`, mayCome: false };
  }
}

/** What dnf is asked for together with a hook, so that it comes only where what it needs comes too. */
export function comesWith(risk: HostRisk): string {
  return CONDITIONS[risk].brings;
}

/** Why a hook is refused on a host, and what to do. @param isThere whether it is installed there already. */
export function explainRisk(hook: string, risk: HostRisk, because: string, isThere: boolean): Explanation {
  return {
    message: `${because}: with the hook ${hook} no VM ${isThere ? 'starts' : 'would start'} there, with or without its property`,
    hint: `${CONDITIONS[risk].remedy}${isThere ? ', or remove the hook (state: absent)' : ''}. Who wants ${hook} all the same writes \`accept_risk: true\` beside its name, or \`--accept-risk ${hook}\` behind \`hookfleet install\`.`,
  };
}

/** What it means that no repository has what must come with a hook; undefined for other names. */
export function explainMissingProvider(
  name: string,
  hooks: readonly { readonly name: string; readonly risk?: HostRisk }[],
): Explanation | undefined {
  const hook = hooks.find(({ risk }) => risk !== undefined && CONDITIONS[risk].brings === name);
  return hook?.risk === undefined
    ? undefined
    : explainRisk(
        hook.name,
        hook.risk,
        `${name} is not on this host, and no enabled repository has it`,
        false,
      );
}
