import type { HostFacts } from '../core/facts.ts';
import { rememberReadings } from '../core/readings.ts';
import type { Section } from '../core/section.ts';
import { sh } from '../core/sh.ts';

/**
 * Prints the versions that decide how hooks fare, in one process at most: the system and its image (os-release(5)), the
 * layer of oVirt Node that runs (`img.bootid` of the kernel's command line; imgbased: src/imgbased/bootloader.py), and
 * the packages where there is rpm. For {@link readFacts}.
 */
export const FACTS_PROBE = sh`if [ -r ./etc/os-release ]; then
  while IFS= read -r line || [ "$line" ]; do
    case $line in PRETTY_NAME=*|IMAGE_ID=*|IMAGE_VERSION=*) printf 'O\t%s\n' "$line" ;; esac
  done <./etc/os-release
fi
if [ -r ./proc/cmdline ] && { read -r line <./proc/cmdline || [ "$line" ]; }; then
  case " $line" in *' img.bootid='*)
    line=\${line##*img.bootid=}
    printf 'L\t%s\n' "\${line%% *}" ;;
  esac
fi
rpm -q --qf 'P\t%{NAME}\t%{EPOCHNUM}:%{VERSION}-%{RELEASE}\n' -- vdsm libvirt-daemon qemu-kvm ovirt-engine 2>/dev/null || :`;

// A line of somebody's os-release may be anything.
const LONGEST = 200;

/** Reads what {@link FACTS_PROBE} printed. */
export const readFacts: (reply: Section) => HostFacts = rememberReadings(({ stdout }) => {
  const facts = new Map<string, string>();
  const release = new Map<string, string>();
  let layer: string | undefined;
  for (const line of stdout.split('\n')) {
    const [tag, ...fields] = line.split('\t');
    const [name = '', evr = ''] = fields;
    if (tag === 'O') {
      const [key = '', ...value] = fields.join('\t').split('=');
      release.set(key, unquoted(value.join('=')));
    } else if (tag === 'L') {
      layer = name;
    } else if (tag === 'P') {
      facts.set(name, evr.replace(/^0:/, ''));
    }
  }
  const image = layer || [release.get('IMAGE_ID'), release.get('IMAGE_VERSION')].filter(Boolean).join(' ');
  const all = [['os', release.get('PRETTY_NAME') ?? ''], ['image', image], ...facts] as const;
  return Object.fromEntries(
    all.flatMap(([name, value]) => (value === '' ? [] : [[name, value.slice(0, LONGEST)]])),
  );
});

/** A value as a shell would read it. */
function unquoted(value: string): string {
  const [, quote, inside = ''] = /^(["'])(.*)\1$/.exec(value.trim()) ?? [];
  return quote === undefined
    ? value.trim()
    : quote === '"'
      ? inside.replaceAll(/\\(["$`\\])/g, '$1')
      : inside;
}
