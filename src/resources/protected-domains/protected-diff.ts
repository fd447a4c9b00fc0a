import type { Change } from '../../core/change.ts';
import { octal, shorten } from '../package/rpm.ts';
import { asksPolkit, shownAccessDrivers, withoutPolkit, withPolkit } from './access-drivers.ts';
import type { ProtectedDomainsFound } from './protected-found.ts';
import { UNITS } from './protected-probe.ts';
import {
  KIND,
  LIST,
  listFile,
  MODE,
  OWNER,
  type ProtectedDomainsWanted,
  RULES,
  rulesFile,
  STATE,
  type WantedFile,
} from './protected-wanted.ts';

export function change(action: string, id: string, before: string | null, after: string | null): Change {
  return { resource: KIND, id, action, before, after };
}

export function confPath(unit: string): string {
  return `/etc/libvirt/${unit}.conf`;
}

/**
 * Whether hookfleet brings the access control: then it must say who may use libvirt. Where it was on before, the site has
 * said so itself.
 */
export function bringsAccessControl(found: ProtectedDomainsFound): boolean {
  const isSetAlready = found.kept === undefined ? found.grants : hasSet(found);
  return isSetAlready || !asksPolkit(confOf(found));
}

/** Whether hookfleet keeps what the configuration was before, which it does where it has changed it. */
function hasSet({ kept, unit }: ProtectedDomainsFound): boolean {
  return kept !== undefined && (kept.has(`${unit}.before`) || kept.has(`${unit}.none`));
}

export function confOf({ unit, confs }: ProtectedDomainsFound): string {
  return (unit === undefined ? undefined : confs.get(unit)?.text) ?? '';
}

/** What is still to be done on a host where domains are to be protected. */
export function diffProtected(wanted: ProtectedDomainsWanted, found: ProtectedDomainsFound): Change[] {
  const { unit = '' } = found;
  const conf = confOf(found);
  const setting = asksPolkit(conf)
    ? []
    : [change('set', confPath(unit), shownAccessDrivers(conf), shownAccessDrivers(withPolkit(conf) ?? ''))];
  return [
    ...diffFile(listFile(wanted), listShown(wanted), found),
    ...diffFile(rulesFile(wanted, bringsAccessControl(found)), 'denies what stops them', found),
    ...setting,
    ...(found.daemon && (setting.length > 0 || !isLoaded(found))
      ? [change('restart', unit, 'asks nobody whether a domain may be stopped', 'asks polkit')]
      : []),
  ];
}

function listShown({ domains }: ProtectedDomainsWanted): string {
  return domains.join(', ');
}

function diffFile({ path, sha256 }: WantedFile, shown: string, found: ProtectedDomainsFound): Change[] {
  const file = found.files.get(path);
  if (file === undefined) {
    return [change('place', path, null, shown)];
  }
  const digest = found.digests.get(path) ?? 'unknown';
  if (digest !== sha256) {
    return [change('content', path, `content ${shorten(digest)}`, `content ${shorten(sha256)}: ${shown}`)];
  }
  const label = found.labels.get(path);
  return [
    ...(file.owner === OWNER ? [] : [change('owner', path, file.owner, OWNER)]),
    ...(file.mode === MODE ? [] : [change('mode', path, octal(file.mode), octal(MODE))]),
    ...(label ? [change('label', path, label.found, label.wanted)] : []),
  ];
}

/**
 * Whether the daemon that runs asks polkit. What it answers to an operator tells for sure; else that it is known from its
 * start, or that it was started after its configuration was written.
 */
function isLoaded({ daemon, noted, trials, proofs, confs, unit = '' }: ProtectedDomainsFound): boolean {
  if (daemon === undefined || trials.some(({ verdict }) => verdict === 'denied')) {
    return true;
  }
  const isIgnored = trials.some(
    ({ user, verdict }) =>
      verdict === 'allowed' &&
      proofs.some(
        one =>
          one.user === user && one.permission === 'suspend' && one.expected === 'no' && one.answer === 'no',
      ),
  );
  return (
    !isIgnored &&
    (noted === daemon.birth || daemon.born > (confs.get(unit)?.changed ?? Number.POSITIVE_INFINITY))
  );
}

/** What is still to be taken away on a host where nothing is to be protected any more. */
export function diffUnprotected(found: ProtectedDomainsFound): Change[] {
  const { kept, unit = '', daemon, confs, noted } = found;
  if (kept === undefined) {
    return [];
  }
  const files = [
    [LIST, 'list.before', 'list.none'],
    [RULES, 'rules.before', 'rules.none'],
  ].flatMap(([path = '', name = '', none = '']) => {
    if (kept.has(name)) {
      return [change('restore', path, 'written by hookfleet', 'as it was before')];
    }
    return kept.has(none) && found.files.has(path)
      ? [change('remove', path, 'written by hookfleet', null)]
      : [];
  });
  const restored = keptConfs(found).filter(one => one.now !== one.restored || one.isNew);
  const loaded =
    daemon !== undefined &&
    hasSet(found) &&
    (noted === daemon.birth ||
      daemon.born <= (confs.get(unit)?.changed ?? Number.POSITIVE_INFINITY) ||
      restored.some(one => one.unit === unit));
  return [
    ...restored.map(one =>
      change(
        one.isNew ? 'remove' : 'restore',
        confPath(one.unit),
        shownAccessDrivers(one.now),
        shownAccessDrivers(one.restored) ?? 'nothing of it',
      ),
    ),
    ...(loaded ? [change('restart', unit, 'asks polkit', 'asks nobody')] : []),
    ...files,
    change('forget', STATE, 'what was there before', null),
  ];
}

/** The configurations that hookfleet has changed: as they are, and as they shall be again. */
export function keptConfs({ kept, confs }: ProtectedDomainsFound) {
  return UNITS.flatMap(unit => {
    const before = kept?.get(`${unit}.before`);
    const now = confs.get(unit)?.text;
    if (now === undefined || (before === undefined && !kept?.has(`${unit}.none`))) {
      return [];
    }
    const restored = withoutPolkit(now, before ?? '');
    return [{ unit, now, restored, isNew: before === undefined && restored === '' }];
  });
}
