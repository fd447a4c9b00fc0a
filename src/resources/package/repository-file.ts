import { createHash } from 'node:crypto';
import ini from 'ini';
import { REDACTED, Secret } from '../../core/secret.ts';
import type { RepositoryPresent } from './repository-wanted.ts';

/** Where dnf looks for repositories, of which hookfleet writes into this one (dnf.conf(5), "reposdir"). */
export const REPOSITORY_FOLDER = '/etc/yum.repos.d';

const HEADER = '# Written by hookfleet for its playbook: what is changed here is set back.';

/** The value of one option, as dnf is to read it; a secret has no other form that may be seen. */
export type Setting = string | Secret;

/** The options of a repository in the order that they are written, values in one spelling: `1` for true, one blank between the items of a list. */
export type Settings = ReadonlyMap<string, Setting>;

/** The `.repo` file of a repository. */
export function repositoryPath(id: string): string {
  return `${REPOSITORY_FOLDER}/${id}.repo`;
}

/**
 * Where its key lies on the host. The `.repo` file names it there whether it came from a file or from a URL: `dnf -y`
 * imports without asking what `gpgkey` names, so it must not name what somebody else can change (dnf 4.14, run).
 */
export function keyPath(id: string): string {
  return `/etc/pki/rpm-gpg/hookfleet-${id}`;
}

/** The settings that the repository's section shall have, those and no others. */
export function wantedSettings(wanted: RepositoryPresent): Settings {
  const { baseurl, key, includepkgs, excludepkgs } = wanted;
  const settings: readonly (readonly [string, Setting | number | boolean | undefined])[] = [
    ['name', wanted.name ?? wanted.id],
    ['baseurl', baseurl?.join(' ')],
    ['metalink', wanted.metalink],
    ['mirrorlist', wanted.mirrorlist],
    ['enabled', wanted.enabled ?? true],
    ['gpgcheck', wanted.gpgcheck ?? true],
    ['repo_gpgcheck', wanted.repo_gpgcheck],
    ['gpgkey', key && `file://${keyPath(wanted.id)}`],
    ['proxy', wanted.proxy],
    ['proxy_username', wanted.proxy_username],
    ['proxy_password', wanted.proxy_password],
    ['username', wanted.username],
    ['password', wanted.password],
    ['sslverify', wanted.sslverify],
    ['sslcacert', wanted.sslcacert],
    ['sslclientcert', wanted.sslclientcert],
    ['sslclientkey', wanted.sslclientkey],
    ['priority', wanted.priority],
    ['includepkgs', includepkgs?.join(' ')],
    ['excludepkgs', excludepkgs?.join(' ')],
    ['module_hotfixes', wanted.module_hotfixes],
    ['metadata_expire', wanted.metadata_expire],
  ];
  return new Map(
    settings.flatMap(([option, value]) =>
      value === undefined
        ? []
        : [[option, value instanceof Secret ? value : oneSpelling(option, String(value))]],
    ),
  );
}

/** Whether the file holds a secret, and so is for root's eyes alone. */
export function hasSecret(settings: Settings): boolean {
  return [...settings.values()].some(value => value instanceof Secret);
}

/**
 * The `.repo` file. Written by hand, not by `ini`: that writes `[a.b]` as `[a\.b]`, which dnf refuses, and a backslash
 * before `;` and `#`, which dnf takes as part of the value (dnf 4.14, run).
 */
export function repositoryText(id: string, settings: Settings): Secret {
  const lines = [...settings].map(
    ([option, value]) => `${option}=${quoted(value instanceof Secret ? value.reveal() : value)}`,
  );
  return new Secret([HEADER, `[${id}]`, ...lines, ''].join('\n'));
}

/** dnf drops blanks at the ends of a value, and then one pair of quotes around it. */
function quoted(value: string): string {
  return /^\s|\s$|^(["']).*\1$/.test(value) ? `"${value}"` : value;
}

/**
 * Reads a `.repo` file as dnf does (libdnf: IniParser): sections by name, and in each its options.
 *
 * `ini` takes dots in a section's name apart, ends values at `;` and `#`, and makes something else of `true` or `null`;
 * dnf does none of that. So names and values are put into the spelling that `ini` gives back unchanged.
 */
export function readRepositoryFile(lines: readonly string[]): Map<string, Map<string, string>> {
  const entries: string[] = [];
  let option: { readonly name: string; value: string } | undefined;
  const finish = () => {
    if (option) {
      entries.push(`${encodeURIComponent(option.name)}=${JSON.stringify(unquoted(option.value))}`);
    }
    option = undefined;
  };
  for (const line of lines) {
    const section = sectionName(line);
    const [, name, value] = /^([^\s=#;][^=]*?)\s*=(.*)$/.exec(line) ?? [];
    if (section !== undefined) {
      finish();
      entries.push(`[${encodeURIComponent(section).replaceAll('.', '\\.')}]`);
    } else if (name !== undefined && value !== undefined) {
      finish();
      option = { name, value: value.trim() };
    } else if (option && /^\s+\S/.test(line)) {
      option.value += `\n${line.trim()}`;
    }
  }
  finish();
  const read: Record<string, unknown> = ini.parse(entries.join('\n'));
  return new Map(
    Object.entries(read).map(([section, options]) => [
      decodeURIComponent(section),
      new Map(
        Object.entries(Object(options))
          .map(([name, value]) => [decodeURIComponent(name), String(value)] as const)
          .map(([name, value]) => [name, oneSpelling(name, value)]),
      ),
    ]),
  );
}

/** The name of the section that a line begins, or undefined; blanks before the bracket do not matter to dnf. */
export function sectionName(line: string): string | undefined {
  return /^\s*\[([^\]]+)\]/.exec(line)?.[1];
}

function unquoted(value: string): string {
  return /^(["'])[\s\S]*\1$/.test(value) && value.length > 1 ? value.slice(1, -1) : value;
}

const LISTS: ReadonlySet<string> = new Set(['baseurl', 'gpgkey', 'includepkgs', 'excludepkgs']);
const SWITCHES: ReadonlySet<string> = new Set([
  'enabled',
  'gpgcheck',
  'repo_gpgcheck',
  'sslverify',
  'module_hotfixes',
]);

/** Makes values alike that mean the same to dnf (libdnf: OptionBool, OptionStringList). */
function oneSpelling(option: string, value: string): string {
  if (SWITCHES.has(option)) {
    const word = value.toLowerCase();
    return ['1', 'yes', 'true', 'on'].includes(word)
      ? '1'
      : ['0', 'no', 'false', 'off'].includes(word)
        ? '0'
        : value;
  }
  return LISTS.has(option)
    ? value
        .split(/[\s,]+/)
        .filter(Boolean)
        .join(' ')
    : value;
}

/** The options whose values stay on the host: its probe gives `sha256:` and the digest of the value instead. */
const SECRET_OPTIONS = ['password', 'proxy_password'] as const;

/** One setting that differs, for people: a secret, and a login in a URL, is only said to be there. */
export interface SettingDiff {
  readonly option: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** Holds the settings of a section against those wanted; an option that is not wanted counts too. */
export function diffSettings(wanted: Settings, found: ReadonlyMap<string, string>): SettingDiff[] {
  return [...new Set([...wanted.keys(), ...found.keys()])].flatMap(option => {
    const after = wanted.get(option);
    const before = found.get(option);
    if (before === (after instanceof Secret ? secretDigest(after) : after)) {
      return [];
    }
    return [{ option, before: shown(option, before), after: shown(option, after) }];
  });
}

/** What the probe prints in place of a secret value. */
export function secretDigest(value: Secret): string {
  return `sha256:${createHash('sha256').update(quoted(value.reveal())).digest('hex')}`;
}

function shown(option: string, value: Setting | undefined): string | null {
  return value === undefined
    ? null
    : value instanceof Secret || SECRET_OPTIONS.some(secret => secret === option)
      ? REDACTED
      : withoutLogins(value);
}

/** A file that was not hookfleet's may have a login in a URL of it. */
function withoutLogins(value: string): string {
  return value.replaceAll(/\/\/[^/\s]*@/g, `//${REDACTED}@`);
}
