import { HOOK_POINTS } from '../catalog/events.ts';
import { BESIDE_EVENTS } from '../catalog/hook-folder.ts';
import type { Place, Problem } from '../core/input-error.ts';
import { didYouMean } from '../core/suggest.ts';
import { COPY_NAME, HOOK_NAME } from '../lint/names.ts';

/** What a hook may weigh in all: it goes to every host inside the changing script. */
export const LARGEST_HOOK = 1024 * 1024;

/** What a source looks like, for hints. */
export const SHAPE =
  'It is a folder beside the playbook with a folder for each event, such as before_vm_start/50_audit.';

const EVENTS = HOOK_POINTS.map(point => point.name);

/** What stands in a source; a link stands for what it leads to. */
export interface Entry {
  readonly name: string;
  readonly path: string;
  /** `outside`: a link that leads out of the source; `broken`: one that leads nowhere. */
  readonly type: 'file' | 'folder' | 'other' | 'outside' | 'broken';
}

/** Whether an entry of a source's own folder stays here: the hook's README, samples, tests, packaging. */
export function staysHere({ name, type }: Entry): boolean {
  return BESIDE_EVENTS.includes(name) && (type === 'file' || type === 'folder');
}

/** What is wrong with an entry of a source's own folder. */
export function eventProblem(folder: string, entry: Entry): Problem | undefined {
  const { name, path, type } = entry;
  const place = { file: path };
  const link = linkProblem(entry);
  if (link) {
    return link;
  }
  if (name.startsWith('.')) {
    return hidden(place);
  }
  if (type !== 'folder') {
    return {
      place,
      message: `stands outside the event folders of ${folder}, so no event would run it`,
      hint: SHAPE,
    };
  }
  if (EVENTS.includes(name)) {
    return undefined;
  }
  const near = didYouMean(name, EVENTS);
  return {
    place,
    message: `unknown event "${name}": VDSM has no such hook folder`,
    hint: near ? `Did you mean "${near}"?` : '`hookfleet hooks events` lists all of them.',
  };
}

function linkProblem({ path, type }: Entry): Problem | undefined {
  const place = { file: path };
  switch (type) {
    case 'outside':
      return { place, message: 'is a link that leads out of the source', hint: 'Copy the file to here.' };
    case 'broken':
      return { place, message: 'is a link that leads nowhere', hint: 'Mend the link, or take it away.' };
    default:
      return undefined;
  }
}

/** What is wrong with an entry of an event folder, as far as its name and type tell. */
export function fileProblem(entry: Entry): Problem | undefined {
  const { name, path, type } = entry;
  const place = { file: path };
  const link = linkProblem(entry);
  if (link) {
    return link;
  }
  if (name.startsWith('.')) {
    return hidden(place);
  }
  if (type === 'folder') {
    return {
      place,
      message: 'is a folder in an event folder, and VDSM runs nothing in it',
      hint:
        name === '__pycache__'
          ? 'Python made it: take it away (PYTHONDONTWRITEBYTECODE=1 keeps it away).'
          : 'Scripts stand directly in their event folder.',
    };
  }
  if (type === 'other') {
    return { place, message: 'is no regular file', hint: 'Take it away.' };
  }
  if (COPY_NAME.test(name)) {
    return {
      place,
      message: 'looks like a backup copy, and VDSM would run it too',
      hint: 'Take it away, or give it a name of its own.',
    };
  }
  if (!HOOK_NAME.test(name)) {
    return {
      place,
      message: `"${name}" is no name for a hook script: the engine cannot read the list of a host's hooks with it`,
      hint: 'Use letters, digits and _ . + @ % : - as in 50_audit.',
    };
  }
  return undefined;
}

function hidden(place: Place): Problem {
  return {
    place,
    message: 'is a hidden file, which VDSM never runs',
    hint: 'Take it away, or give it a name without a leading dot.',
  };
}

export function tooLarge(place: Place, what: string): Problem {
  return {
    place,
    message: `${what}; a hook may have ${LARGEST_HOOK} in all`,
    hint: 'Put what is large into a package.',
  };
}

interface ReadHook {
  readonly name: string;
  /** Where the playbook names it. */
  readonly place: Place;
  readonly files: readonly { readonly event: string; readonly name: string }[];
}

/** The hooks of one play that would place the same file as an earlier one. */
export function clashingHooks(hooks: readonly ReadHook[]): Problem[] {
  const first = new Map<string, ReadHook>();
  return hooks.flatMap(hook =>
    hook.files.flatMap(({ event, name }) => {
      const path = `${event}/${name}`;
      const earlier = first.get(path);
      first.set(path, earlier ?? hook);
      return earlier
        ? [
            {
              place: hook.place,
              message: `the hooks ${earlier.name} and ${hook.name} of this play both have ${path}, and a host has one such file`,
              hint: 'Give one of the two another name.',
            },
          ]
        : [];
    }),
  );
}
