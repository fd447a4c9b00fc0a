import type { Change } from '../../core/change.ts';
import { lines, sh } from '../../core/sh.ts';
import { placeFile } from '../files/place-file.ts';
import type { Explanation, Resource, Step } from '../resource.ts';
import { readArmoredKeys } from './openpgp.ts';
import {
  diffSettings,
  hasSecret,
  keyPath,
  REPOSITORY_FOLDER,
  repositoryPath,
  repositoryText,
  wantedSettings,
} from './repository-file.ts';
import {
  type RepositoriesFound,
  readRepositories,
  repositoriesProbe,
  sectionsOf,
} from './repository-found.ts';
import { keyStep, keyTrouble, planKey, type SignedRepository, unusable } from './repository-key.ts';
import type { RepositoryPresent, RepositoryWanted } from './repository-wanted.ts';
import { octal } from './rpm.ts';

/**
 * Package repositories. They come first on a host: what they cannot get right stops everything after them, so that no
 * package comes from a place, or with a signature, that the playbook does not want.
 */
export const repositoryResource: Resource<readonly RepositoryWanted[], RepositoriesFound> = {
  kind: 'repository',

  probe: wanted => repositoriesProbe(wanted.map(({ id }) => id)),

  read: reply => readRepositories(reply),

  diff(wanted, found) {
    return {
      changes: wanted.flatMap(one => {
        const refusal = refuse(one, found);
        return refusal ? [refusal.change] : planRepository(one, found).flatMap(step => step.changes);
      }),
      blocked: [],
      notes: wanted.flatMap(one =>
        one.state === 'present' && one.gpgcheck === false
          ? [`Repository ${one.id}: gpgcheck is off, so nobody checks who made its packages`]
          : [],
      ),
    };
  },

  apply(changes, wanted, found) {
    const due = (step: Step) => step.changes.some(one => changes.some(change => change.id === one.id));
    const refusals = refusalSteps(wanted.flatMap(one => refuse(one, found) ?? []));
    const others = wanted.flatMap(one => (refuse(one, found) ? [] : planRepository(one, found)));
    return [...refusals, ...others].filter(due);
  },

  subjects: wanted => wanted.map(({ id }) => ({ resource: 'repository', id })),
};

/** What a person must put right. It is a change whose step fails, so that nothing after it is done on the host. */
interface Refusal extends Explanation {
  readonly change: Change;
}

function refuse(wanted: RepositoryWanted, found: RepositoriesFound): Refusal | undefined {
  return refuseElsewhere(wanted, found) ?? refusePlace(wanted.id, found) ?? refuseKey(wanted, found);
}

function refuseElsewhere({ id, state }: RepositoryWanted, found: RepositoriesFound): Refusal | undefined {
  const files = found.elsewhere.get(id);
  if (files === undefined) {
    return undefined;
  }
  const isRedHat = files.includes(`${REPOSITORY_FOLDER}/redhat.repo`);
  const where = `${files.join(', ')}${isRedHat ? ', which belongs to subscription-manager' : ''}`;
  return {
    change: change(
      id,
      'conflict',
      `defined in ${where}`,
      state === 'present' ? `defined in ${repositoryPath(id)}` : null,
    ),
    message: `Repository ${id} is defined in ${where}`,
    hint: isRedHat
      ? `Leave it to \`subscription-manager repos --${state === 'present' ? 'enable' : 'disable'}=${id}\`, or take another id.`
      : 'hookfleet changes no file that is not its own, and of two definitions dnf takes the first: remove that one, or take another id.',
  };
}

function refusePlace(id: string, found: RepositoriesFound): Refusal | undefined {
  const path = repositoryPath(id);
  const file = found.files.get(path);
  const others = file ? [...sectionsOf(file).keys()].filter(section => section !== id) : [];
  const before =
    file?.type === 'folder' || file?.type === 'other'
      ? 'not a file'
      : others.length > 0
        ? `defines ${others.join(', ')} too`
        : undefined;
  return before === undefined
    ? undefined
    : {
        change: change(id, 'conflict', `${path}: ${before}`, `${path}: defines ${id} alone`),
        message: `${path} is where repository ${id} would be written, and it ${before === 'not a file' ? 'is not a file' : before}`,
        hint: 'Move it away: hookfleet writes one file a repository, and would overwrite what else is there.',
      };
}

function refuseKey(wanted: RepositoryWanted, found: RepositoriesFound): Refusal | undefined {
  if (wanted.state === 'absent' || wanted.key?.from !== 'file') {
    return undefined;
  }
  const { id, key } = wanted;
  const read = readArmoredKeys(key.armored);
  const trouble =
    'fault' in read
      ? `cannot be used: ${read.fault}`
      : read.keys.map(one => keyTrouble(one, found.now)).find(one => one !== undefined);
  return trouble === undefined
    ? undefined
    : { change: change(`${id} gpgkey`, 'conflict', trouble, 'valid'), ...unusable(id, key.file, trouble) };
}

function refusalSteps(refusals: readonly Refusal[]): Step[] {
  const [first] = refusals;
  return first === undefined
    ? []
    : [
        {
          title: 'look at the repositories',
          script: sh`exit 1`,
          command: 'the check of the repositories',
          timeoutSeconds: 10,
          changes: refusals.map(refusal => refusal.change),
          explain: () => ({
            message: refusals.map(({ message }) => message).join('; '),
            hint: first.hint,
          }),
        },
      ];
}

/** The steps that are due; none for a repository that is as it should be. */
function planRepository(wanted: RepositoryWanted, found: RepositoriesFound): Step[] {
  if (wanted.state === 'absent') {
    return removal(wanted.id, found);
  }
  const key = hasKey(wanted) ? planKey(wanted, found) : undefined;
  return [
    ...(hasKey(wanted) && key && key.changes.length > 0 ? [keyStep(wanted, key)] : []),
    ...fileStep(wanted, found),
    ...(hasKey(wanted) ? [] : uselessKey(wanted.id, found)),
  ];
}

function hasKey(wanted: RepositoryPresent): wanted is SignedRepository {
  return wanted.key !== undefined;
}

function fileStep(wanted: RepositoryPresent, found: RepositoriesFound): Step[] {
  const { id } = wanted;
  const path = repositoryPath(id);
  const settings = wantedSettings(wanted);
  const mode = hasSecret(settings) ? 0o600 : 0o644;
  const file = found.files.get(path);
  const section = file?.type === 'file' ? sectionsOf(file).get(id) : undefined;
  const changes =
    file === undefined || section === undefined
      ? [change(id, 'add', file ? file.type : null, from(wanted))]
      : [
          ...diffSettings(settings, section).map(({ option, before, after }) =>
            change(`${id} ${option}`, 'set', before, after),
          ),
          ...(file.mode === mode ? [] : [change(id, 'mode', octal(file.mode), octal(mode))]),
          ...(file.owner === 'root:root' ? [] : [change(id, 'owner', file.owner, 'root:root')]),
        ];
  return changes.length === 0
    ? []
    : [
        {
          title: `write repository ${id}`,
          script: lines([
            sh`mkdir -p .${REPOSITORY_FOLDER}`,
            placeFile({ path, content: repositoryText(id, settings), mode, owner: 'root:root' }),
          ]),
          command: `write ${path}`,
          timeoutSeconds: 30,
          changes,
        },
      ];
}

function from({ baseurl, metalink, mirrorlist }: RepositoryPresent): string {
  return baseurl?.join(' ') ?? metalink ?? mirrorlist ?? '';
}

/** A repository goes with its key's file. The key stays in rpm's database: other repositories may rely on it. */
function removal(id: string, found: RepositoriesFound): Step[] {
  return found.files.has(repositoryPath(id))
    ? [
        {
          title: `remove repository ${id}`,
          script: sh`rm -f -- .${repositoryPath(id)} .${keyPath(id)}`,
          timeoutSeconds: 30,
          changes: [change(id, 'remove', repositoryPath(id), null)],
        },
      ]
    : uselessKey(id, found);
}

function uselessKey(id: string, found: RepositoriesFound): Step[] {
  return found.files.has(keyPath(id))
    ? [
        {
          title: `remove the key's file of repository ${id}`,
          script: sh`rm -f -- .${keyPath(id)}`,
          timeoutSeconds: 30,
          changes: [change(`${id} gpgkey`, 'remove', keyPath(id), null)],
        },
      ]
    : [];
}

function change(id: string, action: string, before: string | null, after: string | null): Change {
  return { resource: 'repository', id, action, before, after };
}
