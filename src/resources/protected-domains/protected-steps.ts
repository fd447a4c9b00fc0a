import { createHash } from 'node:crypto';
import type { Change } from '../../core/change.ts';
import { Secret } from '../../core/secret.ts';
import { lines, type Sh, sh } from '../../core/sh.ts';
import { placeFile } from '../files/place-file.ts';
import { DAEMON, NOTICED } from '../libvirt-hook/libvirt-hook-daemons.ts';
import type { Step } from '../resource.ts';
import { withPolkit } from './access-drivers.ts';
import { ASK, DETAILS, MEMBERS } from './protected-ask.ts';
import { bringsAccessControl, confOf, confPath, keptConfs } from './protected-diff.ts';
import { explainStop } from './protected-explain.ts';
import type { ProtectedDomainsFound } from './protected-found.ts';
import { CLIENTS_GUARD, polkitGuard } from './protected-guards.ts';
import { noteLoaded, RESTART, TRY_RECONNECT } from './protected-restart.ts';
import { UNDO } from './protected-undo.ts';
import {
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

const SECONDS = 600;

/**
 * One step, which either comes to its end or leaves the host as it was: the parts make no sense alone, and some of them
 * lock people out.
 */
export function protectedSteps(
  changes: readonly Change[],
  wanted: ProtectedDomainsWanted,
  found: ProtectedDomainsFound,
): Step[] {
  const isProtecting = wanted.domains.length > 0;
  const title = isProtecting ? 'protect the domains' : 'take the protection of domains away';
  return changes.length === 0
    ? []
    : [
        {
          title,
          script: isProtecting ? protect(changes, wanted, found) : unprotect(changes, found),
          command: title,
          timeoutSeconds: SECONDS,
          changes,
          explain: failed => explainStop(failed, wanted),
        },
      ];
}

/**
 * The order is what keeps people from being locked out: first who may, then that polkit has understood it, then that
 * nobody is forgotten, and only then libvirt is told to ask.
 */
function protect(
  changes: readonly Change[],
  wanted: ProtectedDomainsWanted,
  found: ProtectedDomainsFound,
): Sh {
  const { unit = '' } = found;
  const grants = bringsAccessControl(found);
  const has = (action: string) => changes.some(one => one.action === action);
  const conf = confPath(unit);
  const isLost = found.kept === undefined && found.grants;
  return sh`${head(unit)}
keep list ${LIST}
keep rules ${RULES}
${has('set') ? sh`keep conf ${conf}` : sh``}
${isLost ? sh`fresh=` : remembering(wanted.playbook, has('set') ? unit : undefined)}
${placeFile(placed(listFile(wanted)))}
${placeFile(placed(rulesFile(wanted, grants)))}
users=
for group in ${wanted.operators}; do
  users="$users
$(members_of "$group")" || stop group "$group"
done
users=$(printf '%s\n' "$users" | sort -u | sed '/^$/d')
set -f
IFS='
'
${polkitGuard(wanted.domains, grants)}
${grants && (has('set') || has('restart')) ? CLIENTS_GUARD : sh``}
unset IFS
set +f
${has('restart') ? TRY_RECONNECT : sh``}
${has('set') ? rewriting(conf, confOf(found), withPolkit(confOf(found)) ?? '', found.confs.has(unit)) : sh``}
${started(unit, has('restart'), has('set'))}
done=yes
${has('restart') ? lines([sh`see_guests`, noteLoaded(unit)]) : sh``}`;
}

/** libvirt is told first to ask nobody: without the rules nobody but root may do anything as long as it asks. */
function unprotect(changes: readonly Change[], found: ProtectedDomainsFound): Sh {
  const { unit = '', kept } = found;
  const confs = keptConfs(found).filter(one => changes.some(({ id }) => id === confPath(one.unit)));
  const restarts = changes.some(({ action }) => action === 'restart');
  return sh`${head(unit)}
fresh=
${restarts ? TRY_RECONNECT : sh``}
${lines(
  confs.map(one => {
    const path = confPath(one.unit);
    return sh`keep ${one.unit} ${path}
${one.isNew ? sh`rm -f -- .${path}` : rewriting(path, one.now, one.restored, true)}`;
  }),
)}
${started(
  unit,
  restarts,
  confs.some(one => one.unit === unit),
)}
done=yes
${restarts ? sh`see_guests` : sh``}
sync -- ./etc/libvirt
${lines(
  [[LIST, 'list'] as const, [RULES, 'rules'] as const].map(([path, name]) =>
    kept?.has(`${name}.before`)
      ? sh`bring_back .${STATE}/${name}.before ${path}`
      : kept?.has(`${name}.none`)
        ? sh`rm -f -- .${path}`
        : sh``,
  ),
)}
rm -f -- .${NOTICED}/access.*
if [ -d .${NOTICED} ]; then rmdir --ignore-fail-on-non-empty .${NOTICED}; fi
rm -rf -- .${STATE}`;
}

/** A configuration that is not new is tried too; and a daemon that did not run may have been started meanwhile. */
function started(unit: string, restarts: boolean, isNew: boolean): Sh {
  return restarts
    ? sh`${isNew ? sh`` : sh`[ ! -e .${confPath(unit)} ] || try_conf .${confPath(unit)}`}
restart`
    : isNew
      ? sh`not_running ${unit}`
      : sh``;
}

function head(unit: string): Sh {
  return sh`${DAEMON}
${ASK}
${MEMBERS}
${DETAILS}
unit=${unit}
${RESTART}
${UNDO}`;
}

function remembering(playbook: string, unit: string | undefined): Sh {
  return sh`remember list ${LIST}
remember rules ${RULES}
${unit === undefined ? sh`` : sh`remember ${unit} ${confPath(unit)}`}
printf '%s\n' ${playbook} >.${STATE}/playbook
sync -- .${STATE}/playbook .${STATE}`;
}

function placed({ path, text }: WantedFile) {
  return { path, content: Buffer.from(text), mode: MODE, owner: OWNER };
}

/** Only what was seen is written over. */
function rewriting(path: string, seen: string, text: string, exists: boolean): Sh {
  const bytes = new Secret(Buffer.from(text, 'latin1').toString('base64'));
  const digest = createHash('sha256').update(Buffer.from(seen, 'latin1')).digest('hex');
  const isSame = exists ? sh`[ "$(sha256sum <.${path})" = ${`${digest}  -`} ]` : sh`[ ! -e .${path} ]`;
  return sh`${isSame} || stop edited ${path}
printf %s ${bytes} | base64 -d >"$undo/text"
try_conf "$undo/text"
renew ${path} <"$undo/text"`;
}
