import { z } from 'zod';
import type { Place, Problem } from '../core/input-error.ts';
import { isMapping, itemsOf, type Mapping } from './raw.ts';
import { expected } from './schema-values.ts';
import type { YamlSource } from './yaml-source.ts';
import type { Path } from './yaml-tree.ts';

/** Who may use libvirt unless a play says otherwise: the group of the distributions' own rule for polkit. */
const OPERATORS = 'libvirt';

/** A file system's limit for `<name>.xml`, in bytes. */
const LONGEST_NAME = 251;

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

const USE_UUID = 'Give its UUID instead: `virsh domuuid` tells it.';

interface Fault {
  readonly when: (name: string) => boolean;
  readonly message: string;
  readonly hint: string;
}

/** What keeps a name from being one of a domain, or from being told apart from another one. */
const FAULTS: readonly Fault[] = [
  {
    when: name => name.trim() === '',
    message: 'is empty',
    hint: 'Name a domain, or leave the entry out.',
  },
  {
    when: name => /[\p{Cc}\u2028\u2029]/u.test(name),
    message: 'has a line end or another control character in it',
    hint: 'libvirt has no such domains. Look for a CR that an editor has left.',
  },
  {
    when: name => name.includes('\ufeff'),
    message: 'has a byte order mark in it',
    hint: 'It cannot be seen, and no domain is called so. Type the name anew.',
  },
  {
    when: name => name.trim() !== name,
    message: 'has a blank at its beginning or end',
    hint: `Take it away. Where a domain is really called so, give its UUID.`,
  },
  {
    when: name => name.includes('/'),
    message: 'has a / in it',
    hint: 'libvirt refuses such names: it is a name or a UUID, not a path.',
  },
  {
    when: name => /^[0-9a-f]{32}$/i.test(name),
    message: 'is a UUID without its hyphens, or a name that looks like one',
    hint: 'virsh takes it for a UUID, and polkit’s rules would not. Write the UUID with its hyphens.',
  },
  {
    when: name => /(?:^|\s)#/.test(name),
    message: 'has a # where a comment begins',
    hint: USE_UUID,
  },
  {
    when: name => /[\ud800-\udfff]/.test(name),
    message: 'has a character in it that polkit’s rules cannot compare',
    hint: USE_UUID,
  },
  {
    when: name => Buffer.byteLength(name) > LONGEST_NAME,
    message: `is longer than ${LONGEST_NAME} bytes`,
    hint: 'libvirt cannot keep a domain with such a name.',
  },
];

const domain = z
  .string(expected('the name or the UUID of a domain, in quotes where it is a number'))
  .superRefine((name, context) => {
    const fault = FAULTS.find(({ when }) => when(name));
    if (fault) {
      context.addIssue({
        code: 'custom',
        message: `${JSON.stringify(name)} ${fault.message}`,
        params: { hint: fault.hint },
      });
    }
  });

/** Names and UUIDs of domains that nobody but root shall stop. */
export const protectedDomains = z.array(domain, expected('a list of names or UUIDs of domains'));

const group = z
  .string(expected('the name of a group'))
  // A number would be a group of that name to polkit, and hardly is one.
  .regex(/^(?!\d+$)[^\s\p{Cc}:,/-][^\p{Cc}:,/]{0,254}(?<!\s)$/u, expected('the name of a group'));

/** The group of those who may use libvirt, or several. */
export const operators = z.union(
  [group, z.array(group, expected('a list of groups')).min(1, { error: 'the list is empty: name a group' })],
  expected('the name of a group, or a list of them'),
);

export interface WantedProtection {
  /** Names and UUIDs, the latter in small letters; empty to take the protection away. */
  readonly domains: readonly string[];
  readonly operators: readonly string[];
  readonly place: Place;
}

/** The protected domains of a play; undefined where it says nothing of them. */
export function wantedProtection(
  data: {
    readonly protected_domains?: readonly string[] | undefined;
    readonly operators?: string | readonly string[] | undefined;
  },
  path: Path,
  source: YamlSource,
): WantedProtection | undefined {
  const { protected_domains: domains, operators = OPERATORS } = data;
  return domains === undefined
    ? undefined
    : {
        domains: domains.map(normalized),
        operators: typeof operators === 'string' ? [operators] : [...new Set(operators)],
        place: source.place([...path, 'protected_domains'], 'key'),
      };
}

function normalized(entry: string): string {
  return UUID.test(entry) ? entry.toLowerCase() : entry;
}

/** The rules that reach over more than one entry. */
export function protectionProblems(play: Mapping, index: number, source: YamlSource): Problem[] {
  const first = new Map<string, number>();
  const twice = itemsOf(play.protected_domains).flatMap((entry, i) => {
    if (typeof entry !== 'string') {
      return [];
    }
    const earlier = first.get(normalized(entry));
    if (earlier === undefined) {
      first.set(normalized(entry), i);
      return [];
    }
    return [
      {
        place: source.place([index, 'protected_domains', i]),
        message: `"${entry}" stands twice in this play: line ${source.place([index, 'protected_domains', earlier]).line} names the same domain`,
      },
    ];
  });
  return isMapping(play) && play.operators !== undefined && play.protected_domains === undefined
    ? [
        ...twice,
        {
          place: source.place([index, 'operators'], 'key'),
          message: 'operators says who may use libvirt beside protected_domains, which is not there',
          hint: 'Add protected_domains, or take operators out.',
        },
      ]
    : twice;
}
