import { driverHooks } from '../../catalog/libvirt-drivers.ts';
import { DROP_INS_SINCE, hasDropIns, type NotCalled, whyNotCalled } from '../../catalog/libvirt-gates.ts';
import type { Change } from '../../core/change.ts';
import { shorten } from '../package/rpm.ts';
import type { Blocked } from '../resource.ts';
import type { LibvirtHooksFound } from './libvirt-hook-found.ts';
import { LIBVIRT_HOOKS } from './libvirt-hook-probe.ts';
import { folderOf, hookPath, type LibvirtHook, type LibvirtHooksWanted } from './libvirt-hook-wanted.ts';

type Trouble = NotCalled;

/**
 * Why a hook cannot be where the play wants it, or cannot be taken from where it is. A host with one such hook is left
 * as it is: nothing is copied there.
 */
export function refusal(
  hook: LibvirtHook,
  wanted: LibvirtHooksWanted,
  found: LibvirtHooksFound,
): Blocked | undefined {
  const path = hookPath(hook);
  const isPresent = hook.state === 'present';
  if (!isPresent && !found.disk.has(path)) {
    return undefined;
  }
  const change: Change = {
    resource: 'libvirt-hook',
    id: path,
    action: isPresent ? 'place' : 'remove',
    before: found.disk.has(path) ? 'there' : null,
    after: isPresent ? `content ${shorten(hook.sha256)}` : null,
  };
  const troubles = isPresent
    ? [...ofPath(hook, wanted, found), ...ofHook(hook, found)]
    : ofPath(hook, wanted, found);
  return troubles.length === 0 ? undefined : { change, ...joinTroubles(troubles) };
}

/** Several troubles as one; what two of them have in common is said once. */
export function joinTroubles(troubles: readonly Trouble[]): Trouble {
  const distinct = (texts: readonly string[]) => [...new Set(texts)];
  return {
    message: distinct(troubles.map(({ message }) => message)).join('; '),
    hint: distinct(troubles.map(({ hint }) => hint)).join(' '),
  };
}

/** Why the host's libvirt would never run a hook: nothing at all is done on such a host. */
export function versionTrouble(
  { driver, operations }: LibvirtHook,
  version: string,
  extraOperations: readonly string[],
): Trouble[] {
  return hasDropIns(version)
    ? operations.flatMap(name => whyNotCalled(driver, name, version, extraOperations) ?? [])
    : [
        {
          message: `libvirt ${version} of this host does not look into ${folderOf(driver)}: it runs the single script ${LIBVIRT_HOOKS}/${driver}, which may be another program's, as VDSM's is`,
          hint: `Folders of hooks exist since libvirt ${DROP_INS_SINCE}: bring that to the host, or take the host out of the play.`,
        },
      ];
}

function ofPath(hook: LibvirtHook, wanted: LibvirtHooksWanted, found: LibvirtHooksFound): Trouble[] {
  const path = hookPath(hook);
  const link = [LIBVIRT_HOOKS, folderOf(hook.driver)].find(folder => {
    const type = found.disk.get(folder)?.type;
    return type !== undefined && type !== 'folder';
  });
  if (link !== undefined) {
    return [
      {
        message: `${link} is no folder of its own, so nothing in it is touched`,
        hint: 'Look at where it leads, and make it a folder; then run this again.',
      },
    ];
  }
  const owner = found.owners.get(path);
  const placed = found.placed.get(path);
  const type = found.disk.get(path)?.type;
  if (owner) {
    return [
      {
        message: `${path} belongs to the installed package ${owner}`,
        hint: `Give the hook another name, or remove ${owner} first.`,
      },
    ];
  }
  if (type !== undefined && type !== 'file' && type !== 'link') {
    return [
      {
        message: `${path} is a ${type}: dispatchers of other programs are laid out like that`,
        hint: 'It is left alone. Give the hook another name.',
      },
    ];
  }
  return placed && placed.playbook !== wanted.playbook && found.disk.has(path)
    ? [
        {
          message: `${path} was placed by the playbook ${placed.playbook}: two playbooks cannot keep one file`,
          hint: `Name it in one of them alone; \`state: absent\` in ${placed.playbook} gives it up.`,
        },
      ]
    : [];
}

function ofHook(hook: LibvirtHook, found: LibvirtHooksFound): Trouble[] {
  const { driver, programs } = hook;
  const missing = programs.find(program => !found.programs.has(program));
  const filtered = driverHooks(driver).operations.filter(({ output }) => output);
  if (found.version === undefined) {
    return [
      {
        message: `There is no libvirt on this host that would call ${driver}/${hook.name}`,
        hint: 'Install it there, or take the host out of the play.',
      },
    ];
  }
  return [
    ...(missing === undefined
      ? []
      : [
          {
            message: `${hookPath(hook)}: its interpreter ${missing} is not on this host, so every operation that calls it would fail; nothing was copied`,
            hint: `Install ${missing} there, or change the first line of the script.`,
          },
        ]),
    ...(found.hasVdsm && hook.dryRun === 'lint' && filtered.length > 0
      ? [
          {
            message: `${hookPath(hook)} is not dry-run, and libvirt calls it for ${filtered.map(({ name }) => name).join(' and ')} whatever it is for: on a host of VDSM nobody would know whether it prints`,
            hint: 'VDSM’s own hook rewrites the domain there, and what another one prints would replace that. Leave `dry_run: lint` out.',
          },
        ]
      : []),
  ];
}
