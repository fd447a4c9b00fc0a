import { Secret } from '../../core/secret.ts';
import { readArmoredKeys } from './openpgp.ts';
import type { RepositoryPresent, RepositoryProblem, RepositoryWanted } from './repository-wanted.ts';

type Option = RepositoryProblem['option'];

/**
 * What is wrong with a repository as it is written, before any host is contacted; a schema has already seen to the
 * types. What it lets through, dnf reads back as it was meant.
 */
export function repositoryProblems(wanted: RepositoryWanted): RepositoryProblem[] {
  const id = idProblems(wanted.id);
  return wanted.state === 'absent'
    ? id
    : [...id, ...sourceProblems(wanted), ...keyProblems(wanted), ...valueProblems(wanted)];
}

// The characters that dnf takes (libdnf: Repo::verifyId), the section that is dnf's own, and the file that is another's.
function idProblems(id: string): RepositoryProblem[] {
  const hint = 'Letters, digits and - _ . : make an id; it becomes the name of the file, too.';
  return !/^[A-Za-z0-9_:-][A-Za-z0-9_.:-]*$/.test(id) || id.length > 200
    ? [{ option: 'id', message: `${JSON.stringify(id)} cannot be the id of a repository`, hint }]
    : id === 'main' || id === 'redhat'
      ? [
          {
            option: 'id',
            message: `${id} cannot be the id of a repository: ${id === 'main' ? 'that section holds the settings of dnf itself' : 'redhat.repo belongs to subscription-manager'}`,
            hint: 'Take another id.',
          },
        ]
      : [];
}

function sourceProblems({ baseurl, metalink, mirrorlist }: RepositoryPresent): RepositoryProblem[] {
  const given = [baseurl?.length ? baseurl : undefined, metalink, mirrorlist].filter(
    one => one !== undefined,
  );
  return given.length === 1
    ? []
    : [
        {
          option: 'baseurl',
          message: `A repository needs one of baseurl, metalink and mirrorlist; ${given.length === 0 ? 'none is given' : `${given.length} are given`}`,
          hint: 'Several servers with the same packages stand in one baseurl, as a list.',
        },
      ];
}

function keyProblems({ gpgcheck, repo_gpgcheck, key }: RepositoryPresent): RepositoryProblem[] {
  if (key === undefined) {
    return gpgcheck === false && repo_gpgcheck !== true
      ? []
      : [
          {
            option: 'gpgkey',
            message: 'Signatures are checked, and no key is given to check them with',
            hint: 'Give gpgkey a file beside the playbook, or a URL with gpgkey_fingerprint; `gpgcheck: false` would do without, with a warning at each run.',
          },
        ];
  }
  if (key.from === 'file') {
    const read = readArmoredKeys(key.armored);
    return 'keys' in read
      ? []
      : [
          {
            option: 'gpgkey',
            message: `${key.file} is no public key that rpm could import: ${read.fault}`,
            hint: '`gpg --armor --export ID` writes such a file.',
          },
        ];
  }
  const wrong = key.fingerprints.filter(fingerprint => !/^[0-9A-F]{40}$/.test(fingerprint));
  return [
    ...(/^(?:https?|ftp):\/\//i.test(key.url)
      ? []
      : [
          {
            option: 'gpgkey' as const,
            message: `${key.url} is neither a file beside the playbook nor an http, https or ftp URL`,
            hint: 'A file of the host itself cannot be named: put a copy beside the playbook.',
          },
        ]),
    ...(key.fingerprints.length > 0 && wrong.length === 0
      ? []
      : [
          {
            option: 'gpgkey_fingerprint' as const,
            message:
              wrong.length === 0
                ? 'A key from a URL needs its fingerprint'
                : `${wrong.join(', ')}: a fingerprint has 40 hex digits`,
            hint: '`gpg --show-keys FILE` shows it. Get it from the owner of the repository, on another way than the key itself.',
          },
        ]),
  ];
}

const URLS: readonly Option[] = ['baseurl', 'metalink', 'mirrorlist', 'proxy'];
const LISTS: readonly Option[] = ['baseurl', 'includepkgs', 'excludepkgs'];
const LOGINS: readonly Option[] = ['username', 'password', 'proxy_username', 'proxy_password'];

function valueProblems(wanted: RepositoryPresent): RepositoryProblem[] {
  const { key } = wanted;
  const options = Object.entries(wanted) as [keyof RepositoryPresent, unknown][];
  const values = [
    ...options.flatMap(([option, value]) =>
      option === 'key'
        ? []
        : [value].flat().flatMap(one => text(one).map(text => ({ option: option as Option, text }))),
    ),
    ...(key?.from === 'url' ? [{ option: 'gpgkey' as const, text: key.url }] : []),
  ];
  return values.flatMap(({ option, text }) => valueProblem(option, text) ?? []);
}

function text(value: unknown): string[] {
  return value instanceof Secret ? [value.reveal()] : typeof value === 'string' ? [value] : [];
}

// The variables that every dnf knows; it puts their values into any option, and a backslash does not stop it (dnf 4.14, run).
const VARIABLE = /\$(?:\{|(?:releasever(?:_major|_minor)?|basearch|arch|uuid\d?)(?![A-Za-z0-9_]))/;

// A variable of the host's own too (dnf.conf(5), /etc/dnf/vars): the host fetches a key without dnf.
const ANY_VARIABLE = /\$(?:\{|[A-Za-z_])/;

/** Never shows the value: it may be the secret. */
function valueProblem(option: Option, text: string): RepositoryProblem | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
  if (/[\u0000-\u001f\u007f]/.test(text)) {
    return {
      option,
      message: `${option} holds a line break or another control character`,
      hint: 'A .repo file has one line an option.',
    };
  }
  if (LISTS.includes(option) && /^$|[\s,]/.test(text)) {
    return {
      option,
      message: `${option} holds an empty item, or one with a blank or a comma in it`,
      hint: `dnf would take it apart: write the items as a list${option === 'baseurl' ? ', and a comma in a URL as %2C' : ''}.`,
    };
  }
  if ((URLS.includes(option) || option === 'gpgkey') && /^[a-z]+:\/\/[^/]*@/i.test(text)) {
    const [user, password] =
      option === 'proxy' ? ['proxy_username', 'proxy_password'] : ['username', 'password'];
    return {
      option,
      message: `${option} has a login in its URL, where everybody on the host could read it`,
      hint: `Write ${user} and ${password} instead.`,
    };
  }
  if (option === 'gpgkey' && ANY_VARIABLE.test(text)) {
    return {
      option,
      message: `${option} holds one of dnf's variables, and a key is fetched without dnf, which would put its value there`,
      hint: 'Write the URL out; a $ that is meant as such is %24.',
    };
  }
  if (LOGINS.includes(option) && VARIABLE.test(text)) {
    return {
      option,
      message: `${option} holds one of dnf's variables, and dnf would put its value there`,
      hint: 'There is no way to write it so that dnf does not: take another one, without $releasever, $basearch, $arch, $uuid and ${.',
    };
  }
  return undefined;
}
