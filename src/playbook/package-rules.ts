import type { Problem } from '../core/input-error.ts';
import { isMapping, itemsOf, type Mapping } from './raw.ts';
import type { YamlSource } from './yaml-source.ts';
import type { Path } from './yaml-tree.ts';

/** Keys of one package or hook that do not go together: the first is told, with what it means beside the second. */
const CONTRADICTIONS: readonly {
  readonly key: string;
  readonly beside: (item: Mapping) => boolean;
  readonly message: string;
  readonly hint: string;
}[] = [
  {
    key: 'version',
    beside: item => item.state === 'absent' || item.state === 'latest',
    message: 'a version says which one shall be present, so it goes with no other state',
    hint: 'Leave out version or state.',
  },
  {
    key: 'version',
    beside: item => item.rpm !== undefined || item.source !== undefined,
    message: 'the file says which version it is',
    hint: 'Leave out version.',
  },
  {
    key: 'rpm',
    beside: item => item.state === 'absent' || item.state === 'latest',
    message: 'an rpm file says what shall be present, so it goes with no other state',
    hint: 'Leave out rpm or state.',
  },
  {
    key: 'source',
    beside: item => item.rpm !== undefined,
    message: 'a hook comes from a folder of scripts or from an rpm file, not from both',
    hint: 'Leave out source or rpm.',
  },
  {
    key: 'state',
    beside: item => item.state === 'latest' && item.source !== undefined,
    message: 'a folder of scripts has no latest version: what is in it shall be present',
    hint: 'Leave out state.',
  },
  ...['allow_downgrade', 'enablerepo', 'disablerepo'].map(key => ({
    key,
    beside: (item: Mapping) => item.source !== undefined,
    message: `${key} is for packages, and this hook is a folder of scripts`,
    hint: `Leave out ${key}.`,
  })),
];

/** What is wrong with single packages and hooks of a play beyond their types. */
export function packageRules(play: Mapping, index: number, source: YamlSource): Problem[] {
  return ['packages', 'vdsm_hooks'].flatMap(list =>
    itemsOf(play[list]).flatMap((item, i) =>
      isMapping(item) ? itemProblems(item, [index, list, i], source) : [],
    ),
  );
}

function itemProblems(item: Mapping, path: Path, source: YamlSource): Problem[] {
  return CONTRADICTIONS.filter(({ key, beside }) => item[key] !== undefined && beside(item)).map(
    ({ key, message, hint }) => ({ place: source.place([...path, key], 'key'), message, hint }),
  );
}
