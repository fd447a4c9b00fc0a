import { readFileSync } from 'node:fs';
import test from 'ava';
import { Secret } from '../../../src/core/secret.ts';
import { repositoryProblems } from '../../../src/resources/package/repository-problems.ts';
import type { RepositoryPresent } from '../../../src/resources/package/repository-wanted.ts';

const armored = readFileSync(new URL('../keys/ed.asc', import.meta.url), 'utf8');
const FINGERPRINT = 'D94B7A703E9417654F2C941FA3AA3B161C6D1219';
const GOOD: RepositoryPresent = {
  id: 'site.hooks-9_x:y',
  state: 'present',
  baseurl: ['https://repo.example.org/$releasever/#a;b?c=%2C'],
  key: { from: 'file', file: 'files/KEY', armored },
  username: 'fleet',
  password: new Secret('pa$$word #;$foo "x" $archer'),
};

test('lets a good repository through, with its key in a file, from a URL, or unchecked', t => {
  const { key: _, ...unchecked } = GOOD;
  t.deepEqual(repositoryProblems(GOOD), []);
  t.deepEqual(
    repositoryProblems({
      ...GOOD,
      key: { from: 'url', url: 'https://x/KEY%24a$', fingerprints: [FINGERPRINT, FINGERPRINT] },
    }),
    [],
  );
  t.deepEqual(repositoryProblems({ ...unchecked, gpgcheck: false }), []);
  t.deepEqual(repositoryProblems({ id: 'gone', state: 'absent' }), []);
});

const url = (over: object) => ({
  key: { from: 'url' as const, url: 'https://x/KEY', fingerprints: [FINGERPRINT], ...over },
});

const BAD: readonly (readonly [string, object, string, RegExp])[] = [
  ['an id with a slash', { id: '../x' }, 'id', /cannot be the id/],
  ['an id with a blank', { id: 'a b' }, 'id', /cannot be the id/],
  ['an empty id', { id: '' }, 'id', /cannot be the id/],
  ['an id that hides its file', { id: '.x' }, 'id', /cannot be the id/],
  ['dnf’s own section', { id: 'main' }, 'id', /dnf itself/],
  ['another’s file', { id: 'redhat' }, 'id', /subscription-manager/],
  ['no place', { baseurl: [] }, 'baseurl', /none is given/],
  ['two places', { metalink: 'https://x' }, 'baseurl', /2 are given/],
  ['no key', { key: undefined }, 'gpgkey', /no key is given/],
  [
    'no key for the metadata',
    { key: undefined, gpgcheck: false, repo_gpgcheck: true },
    'gpgkey',
    /no key is given/,
  ],
  [
    'a key that is none',
    { key: { from: 'file', file: 'files/KEY', armored: 'x' } },
    'gpgkey',
    /files\/KEY is no public key that rpm could import: it holds no/,
  ],
  ['a URL without a fingerprint', url({ fingerprints: [] }), 'gpgkey_fingerprint', /needs its fingerprint/],
  ['a short fingerprint', url({ fingerprints: ['3AA3B161C6D1219'] }), 'gpgkey_fingerprint', /40 hex digits/],
  ['a file of the host', url({ url: 'file:///etc/KEY' }), 'gpgkey', /neither a file/],
  [
    'a variable of dnf in a key’s URL',
    url({ url: 'https://x/KEY-$releasever' }),
    'gpgkey',
    /dnf's variables/,
  ],
  ['a variable of the host’s own there', url({ url: 'https://x/$stream/KEY' }), 'gpgkey', /dnf's variables/],
  ['a login in a key’s URL', url({ url: 'https://u:p@x/KEY' }), 'gpgkey', /login in its URL/],
  ['a login in a URL', { baseurl: ['https://u:p@x/'] }, 'baseurl', /login in its URL/],
  ['a line break', { name: 'a\nenabled=0' }, 'name', /line break/],
  ['a line break in a secret', { password: new Secret('Sesame\n') }, 'password', /line break/],
  ['a comma in a URL', { baseurl: ['https://x/a,b'] }, 'baseurl', /comma/],
  ['a blank in a pattern', { includepkgs: ['a b'] }, 'includepkgs', /blank/],
  ['an empty pattern', { excludepkgs: [''] }, 'excludepkgs', /empty/],
  [
    'a variable of dnf in a secret',
    { password: new Secret('Sesame$basearch') },
    'password',
    /dnf's variables/,
  ],
  ['one in braces', { username: `x$\{y}` }, 'username', /dnf's variables/],
];

for (const [title, over, option, message] of BAD) {
  test(`refuses ${title}, and shows no secret`, t => {
    const problems = repositoryProblems({ ...GOOD, ...over } as RepositoryPresent);
    t.deepEqual(
      problems.map(problem => problem.option),
      [option] as never,
    );
    t.regex(problems[0]?.message ?? '', message);
    t.truthy(problems[0]?.hint);
    t.notRegex(JSON.stringify(problems), /Sesame|u:p/);
  });
}
