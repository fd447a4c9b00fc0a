import type { Change } from '../core/change.ts';
import type { Section } from '../core/section.ts';
import { sh } from '../core/sh.ts';
import type { Explanation, Step } from './resource.ts';

export type DnfVerb = 'install' | 'remove' | 'reinstall';

/** Why a package may be in no repository at all, and what to do then; undefined where nothing is known of it. */
export type ExplainMissing = (packageName: string) => Explanation | undefined;

// A transaction on a slow mirror takes minutes, and one that is ended halfway leaves a database to be mended by hand.
const TRANSACTION_SECONDS = 1800;

/** One dnf transaction, with the repositories that the host itself has; `yum` is taken where there is no dnf. */
export function dnfStep(
  verb: DnfVerb,
  packages: readonly string[],
  changes: readonly Change[],
  explainMissing: ExplainMissing = () => undefined,
): Step {
  return {
    title: `${verb} ${packages.join(' ')}`,
    script: sh`dnf=$(command -v dnf || command -v yum) || { echo 'neither dnf nor yum is on this host' >&2; exit 127; }
"$dnf" -y ${verb} -- ${packages}`,
    timeoutSeconds: TRANSACTION_SECONDS,
    changes,
    explain: failed => explain(failed, explainMissing),
  };
}

// dnf's own words for the troubles that want different cures, the most telling first (dnf 4.14, run).
const TROUBLES: readonly {
  readonly words: RegExp;
  readonly explain: (found: RegExpExecArray) => Explanation;
}[] = [
  {
    words: /No space left on device|more space needed on the (\S+) filesystem/,
    explain: found => ({
      message: `The disk of this host is full${found[1] ? ` (${found[1]})` : ''}`,
      hint: 'Free some space there (`df -h` tells where), then run this again.',
    }),
  },
  {
    words: /There are no enabled repositories/,
    explain: () => ({
      message: 'No repository of this host is enabled; nothing was touched',
      hint: 'Look at `dnf repolist --all` and at /etc/yum.repos.d on the host.',
    }),
  },
  {
    words: /^Installed package (\S+)(?: \(from \S+\))? not available/m,
    explain: found => ({
      message: `No enabled repository of this host has ${found[1]} any more, so it cannot be reinstalled; nothing was touched`,
      hint: `Enable the repository that it came from, or move to a version that there is: \`dnf --showduplicates list ${packageName(found[1] ?? '')}\` on the host.`,
    }),
  },
  {
    words: /^(?:Error: )?Unable to find a match: (.+)$/m,
    explain: found => ({
      message: `No enabled repository of this host has ${found[1]}`,
      hint: `Look at the spelling and at \`dnf repolist\` on the host; \`dnf search ${found[1]?.split(' ')[0]}\` finds near names.`,
    }),
  },
  {
    words: /Failed to download metadata for repo '([^']+)'/,
    explain: found => ({
      message: `The repository ${found[1]} of this host cannot be read`,
      hint: `Mend /etc/yum.repos.d or the mirror; \`dnf --repo ${found[1]} makecache\` on the host shows the trouble alone.`,
    }),
  },
];

function explain(failed: Section, explainMissing: ExplainMissing): Explanation | undefined {
  const said = `${failed.stdout}\n${failed.stderr}`;
  for (const trouble of TROUBLES) {
    const found = trouble.words.exec(said);
    if (found) {
      return explainMissing(found[1]?.split(' ')[0] ?? '') ?? trouble.explain(found);
    }
  }
  return undefined;
}

function packageName(nevra: string): string {
  return nevra.replace(/-[^-]+-[^-]+$/, '');
}
