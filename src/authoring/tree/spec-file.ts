import { hookSections, type SpecSection } from './spec-sections.ts';
import { insertAt, linesOf, type Splice } from './splice.ts';

/** What the spec file is to say of a new hook. */
export interface HookPackage {
  /** Without `hook-`. */
  readonly name: string;
  readonly summary: string;
  readonly description: readonly string[];
  /** `<event>/<file>` */
  readonly scripts: readonly string[];
  /** Whether it is packaged also where the build leaves the additional hooks out. */
  readonly required: boolean;
}

/** The condition around the files of the additional hooks: `%if %{with_hooks}`, earlier `%if 0%{?with_hooks}`. */
const WITH_HOOKS = /^%if\s.*\bwith_hooks\b/;

const HOOKS = '%{_libexecdir}/%{vdsm_name}/hooks';

/**
 * Adds `%package` and `%description` of a hook to vdsm.spec.in, behind the hook before it by name.
 *
 * @returns undefined where the spec has no hook packages.
 */
export function specPackage(text: string, hook: HookPackage): readonly Splice[] | undefined {
  const lines = linesOf(text);
  const sections = hookSections(lines, 'package');
  const made = [
    `%package hook-${hook.name}`,
    `Summary:        ${hook.summary}`,
    'BuildArch:      noarch',
    'Requires:       %{name}',
    '',
    `%description hook-${hook.name}`,
    ...hook.description,
  ];
  return placed(
    sections,
    sections.filter(({ inside }) => inside === -1),
    hook.name,
    () => made,
  );
}

/**
 * Adds `%files` of a hook to vdsm.spec.in: among the hooks that are always packaged, or among those inside
 * `%if … with_hooks`. `%defattr` is repeated where the neighbour has it.
 *
 * @returns undefined where the spec has no such place.
 */
export function specFiles(text: string, hook: HookPackage): readonly Splice[] | undefined {
  const lines = linesOf(text);
  const sections = hookSections(lines, 'files');
  const fits = hook.required
    ? ({ inside }: SpecSection) => inside === -1
    : ({ inside }: SpecSection) => WITH_HOOKS.test(lines[inside] ?? '');
  return placed(sections, sections.filter(fits), hook.name, ({ at, end }) => [
    `%files hook-${hook.name}`,
    ...lines.slice(at + 1, end).filter(line => /^%defattr\(-, *root, *root/.test(line)),
    ...hook.scripts.map(script => `${HOOKS}/${script}`),
  ]);
}

function placed(
  all: readonly SpecSection[],
  among: readonly SpecSection[],
  name: string,
  made: (neighbour: SpecSection) => readonly string[],
): readonly Splice[] | undefined {
  const [first] = among;
  if (all.some(section => section.name === name)) {
    return [];
  }
  if (first === undefined) {
    return undefined;
  }
  const before = among
    .filter(section => section.name < name)
    .reduce<SpecSection | undefined>((best, one) => (best && best.name > one.name ? best : one), undefined);
  return before ? [insertAt(before.end, ['', ...made(before)])] : [insertAt(first.at, [...made(first), ''])];
}

/**
 * Names the folder of a hook point in the spec, behind the last of them. Newer trees take all of them at once, with
 * `hooks/*`, and need nothing.
 *
 * @returns undefined where neither stands there.
 */
export function specFolder(text: string, event: string): readonly Splice[] | undefined {
  const lines = linesOf(text);
  const prefix = `%dir ${HOOKS}/`;
  const line = prefix + event;
  if (lines.includes(`${prefix}*`) || lines.includes(line)) {
    return [];
  }
  const last = lines.findLastIndex(one => one.startsWith(prefix));
  return last === -1 ? undefined : [insertAt(last + 1, [line])];
}
