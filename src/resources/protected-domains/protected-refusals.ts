import type { Blocked, Explanation } from '../resource.ts';
import { asksPolkit, readAccessDrivers, shownAccessDrivers } from './access-drivers.ts';
import { change, confOf, confPath, keptConfs } from './protected-diff.ts';
import type { Proof, ProtectedDomainsFound } from './protected-found.ts';
import { LIST, type ProtectedDomainsWanted, RULES, STATE } from './protected-wanted.ts';

/** The first polkit with rules that can see which domain it is asked about. */
const RULES_SINCE = '0.106';

/** Why domains cannot be protected on this host, or why that cannot be taken away; such a host is left as it is. */
export function refusals(wanted: ProtectedDomainsWanted, found: ProtectedDomainsFound): Blocked[] {
  const isProtecting = wanted.domains.length > 0;
  const troubles = [
    ...(isProtecting ? ofHost(found) : ofRemoval(found)),
    ...ofFiles(found),
    ...ofPlaybook(wanted, found),
  ];
  const due = isProtecting
    ? change('place', RULES, null, 'denies what stops them')
    : change('remove', RULES, 'written by hookfleet', null);
  return troubles.map(trouble => ({ change: due, ...trouble }));
}

function ofHost(found: ProtectedDomainsFound): Explanation[] {
  const { unit, polkit, missingTools, missingGroups, remoteSockets, daemon, hasSystemd, oddConfs } = found;
  if (unit === undefined) {
    return [
      {
        message: 'There is no libvirt on this host whose domains could be protected',
        hint: 'Install it there, or take the host out of the play.',
      },
    ];
  }
  const conf = confPath(unit);
  return [
    ...(polkit === undefined || isTooOld(polkit)
      ? [
          {
            message: `${polkit === undefined ? 'There is no polkit on this host' : `polkit of this host (${polkit}) has no rules that see which domain they are asked about`}: libvirt’s access control asks it`,
            hint: `Install polkit ${RULES_SINCE} or newer there (package polkit or polkitd), or take the host out of the play.`,
          },
        ]
      : []),
    ...missingTools.map(tool => ({
      message: `There is no ${tool} on this host, without which nobody can tell who would be locked out`,
      hint: 'It comes with util-linux (setpriv) or the client packages of libvirt (virsh, virt-admin).',
    })),
    ...missingGroups.map(group => ({
      message: `There is no group ${group} on this host`,
      hint: 'Name the group of those who may use libvirt there with `operators`.',
    })),
    ...(remoteSockets.length > 0 || / (?:-l|--listen)\b/.test(daemon?.command ?? '')
      ? [
          {
            message: `libvirt of this host takes clients from other hosts${remoteSockets.length > 0 ? ` (${remoteSockets.join(', ')})` : ''}: they are no users of it, so that polkit cannot be asked about them, and libvirt would refuse them everything`,
            hint: 'Let them come over SSH (qemu+ssh://) and stop the sockets, or take the host out of the play.',
          },
        ]
      : []),
    ...(/ (?:-f|--config)\b/.test(daemon?.command ?? '')
      ? [
          {
            message: `${unit} of this host was told on its command line to read another file than ${conf}`,
            hint: 'Let it read its own file, or take the host out of the play.',
          },
        ]
      : []),
    ...(oddConfs.has(unit) || readAccessDrivers(confOf(found)) === 'unclear'
      ? [
          {
            message: oddConfs.has(unit)
              ? `${conf} is no file of its own, so it is not touched`
              : `${conf} has an access_drivers that cannot be read`,
            hint: 'Make it a file with a line such as access_drivers = [ "polkit" ], or without one; then run this again.',
          },
        ]
      : []),
    ...(hasSystemd || daemon === undefined
      ? []
      : [
          {
            message: 'There is no systemd on this host that could restart its libvirt daemon',
            hint: 'Access control is looked for at the start of the daemon alone. Take the host out of the play.',
          },
        ]),
  ];
}

function isTooOld(polkit: string): boolean {
  const [, major = '0', minor = '0'] = /(\d+)(?:\.(\d+))?\s*$/.exec(polkit) ?? [];
  return Number(major) === 0 && Number(minor) < 106;
}

function ofFiles({ files }: ProtectedDomainsFound): Explanation[] {
  return [LIST, RULES].flatMap(path => {
    const type = files.get(path)?.type;
    return type === undefined || type === 'file'
      ? []
      : [
          {
            message: `${path} is ${type === 'other' ? 'no file' : `a ${type}`}`,
            hint: 'Look at what it is and move it away, then run this again.',
          },
        ];
  });
}

function ofPlaybook(
  { playbook, domains }: ProtectedDomainsWanted,
  { kept }: ProtectedDomainsFound,
): Explanation[] {
  const owner = kept?.get('playbook')?.replace(/\n$/, '');
  const name = owner === undefined ? undefined : Buffer.from(owner, 'latin1').toString('utf8');
  return name === undefined || name === playbook
    ? []
    : [
        {
          message: `The protected domains of this host are kept by the playbook ${name}: two playbooks cannot keep one list`,
          hint: `Name them in one playbook alone; \`protected_domains: []\` in ${name} gives them up.${domains.length > 0 ? ` Where ${name} was only renamed, take ${STATE}/playbook away on the host.` : ''}`,
        },
      ];
}

/** To take the rules away while libvirt asks polkit would lock everybody out but root. */
function ofRemoval(found: ProtectedDomainsFound): Explanation[] {
  const { kept, files, grants } = found;
  const left = new Map<string, string>(keptConfs(found).map(one => [one.unit, one.restored]));
  if (found.unit !== undefined && !left.has(found.unit)) {
    left.set(found.unit, confOf(found));
  }
  const asking = [...left].filter(([, text]) => asksPolkit(text) || readAccessDrivers(text) === 'unclear');
  if (kept !== undefined && grants && asking.length > 0) {
    return asking.map(([unit, text]) => ({
      message: `${confPath(unit)} was edited since, and would still say ${shownAccessDrivers(text)}: without the rules of hookfleet nobody but root could do anything with libvirt`,
      hint: `Take its access_drivers out by hand, then run this again. Where rules of the site grant everything by now, take ${RULES} away by hand instead.`,
    }));
  }
  return kept === undefined && files.has(RULES)
    ? [
        {
          message: `${RULES} is there, but not ${STATE}, which tells what was there before: nothing is taken away`,
          hint: 'Take `access_drivers` out of the daemon’s configuration by hand, restart the daemon, and only then remove the rules.',
        },
      ]
    : [];
}

/** What polkit says otherwise than it shall, though hookfleet’s rules are as they shall be. */
export function brokenProofs(found: ProtectedDomainsFound): Blocked[] {
  const wrong = found.proofs.filter(({ expected, answer }) => answer !== expected);
  const silent = wrong.filter(({ answer }) => answer === 'none');
  if (silent.length > 0) {
    return [
      {
        change: change('prove', RULES, 'polkit does not answer', 'polkit answers'),
        message: 'polkit of this host does not answer, so libvirt refuses everybody but root',
        hint: '`systemctl status polkit` and `journalctl -u polkit` on the host tell why.',
      },
    ];
  }
  return [...new Set(wrong.map(({ user }) => user))].flatMap(user => {
    const of = (expected: Proof['expected']) =>
      wrong.filter(one => one.user === user && one.expected === expected);
    const [allowed] = of('no');
    const rules = earlier(found.ruleFiles);
    const who = rules.length === 0 ? 'Another rule of the host' : `A rule in ${rules.join(' or ')}`;
    return [
      ...(allowed
        ? [
            {
              change: change(
                'prove',
                RULES,
                `${user} may ${permissions(of('no'))} ${allowed.domain}`,
                `${user} may not`,
              ),
              message: `polkit lets ${user} do ${permissions(of('no'))} with the protected domain ${allowed.domain}`,
              hint: `${who}, read before those of hookfleet, says so: polkit takes the first answer.`,
            },
          ]
        : []),
      ...(of('yes').length > 0
        ? [
            {
              change: change('prove', RULES, `${user} may not stop a free domain`, `${user} may`),
              message: `polkit refuses ${user} to stop a domain that is not protected`,
              hint: `${who}, read before those of hookfleet, says so: polkit takes the first answer.`,
            },
          ]
        : []),
    ];
  });
}

function permissions(proofs: readonly Proof[]): string {
  return [...new Set(proofs.map(({ permission }) => permission))].join(', ');
}

/** Rules files whose names come before that of hookfleet’s, whatever folder they are in (polkit(8)). */
function earlier(ruleFiles: readonly string[]): string[] {
  const name = (path: string) => path.slice(path.lastIndexOf('/') + 1);
  return ruleFiles.filter(path => name(path) < name(RULES));
}
