import test from 'ava';
import fc from 'fast-check';
import { Secret } from '../../../src/core/secret.ts';
import {
  diffSettings,
  readRepositoryFile,
  repositoryText,
  secretDigest,
  wantedSettings,
} from '../../../src/resources/package/repository-file.ts';
import { repositoryProblems } from '../../../src/resources/package/repository-problems.ts';
import type { RepositoryPresent } from '../../../src/resources/package/repository-wanted.ts';

const id = fc
  .stringMatching(/^[A-Za-z0-9_:-][A-Za-z0-9_.:-]{0,12}$/)
  .filter(text => !['main', 'redhat'].includes(text));
// What ini and shells stumble over, more often than chance has it.
const value = fc.string({ unit: fc.constantFrom(...' ab#;\\"\'=[].$%`é😀'), maxLength: 12 });
const item = value.filter(text => /^[^\s,]+$/.test(text));
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const repository: fc.Arbitrary<RepositoryPresent> = fc
  .record({
    id,
    baseurl: fc.array(
      item.map(text => `https://x/${text}`),
      { minLength: 1, maxLength: 3 },
    ),
    name: optional(value),
    proxy: optional(value),
    username: optional(value),
    sslcacert: optional(value),
    includepkgs: optional(fc.array(item, { minLength: 1, maxLength: 3 })),
    enabled: optional(fc.boolean()),
    priority: optional(fc.nat(99)),
  })
  .map(options => ({
    ...Object.fromEntries(Object.entries(options).filter(([, given]) => given !== undefined)),
    id: options.id,
    state: 'present' as const,
    baseurl: options.baseurl,
    gpgcheck: false,
  }));

test('whatever is let through is written so that it reads back as it was meant, with no drift', t => {
  fc.assert(
    fc.property(repository, wanted => {
      fc.pre(repositoryProblems(wanted).length === 0);
      const settings = wantedSettings(wanted);
      const read = readRepositoryFile(repositoryText(wanted.id, settings).reveal().split('\n'));
      const section = read.get(wanted.id);
      return read.size === 1 && section !== undefined && diffSettings(settings, section).length === 0;
    }),
    { numRuns: 500 },
  );
  t.pass();
});

test('any other value of an option is drift', t => {
  fc.assert(
    fc.property(value, value, (proxy, other) => {
      fc.pre(proxy !== other);
      const wanted: RepositoryPresent = { id: 'x', state: 'present', baseurl: ['http://x'], proxy };
      const text = repositoryText('x', wantedSettings({ ...wanted, proxy: other })).reveal();
      const section = readRepositoryFile(text.split('\n')).get('x') ?? new Map();
      return diffSettings(wantedSettings(wanted), section).length === 1;
    }),
    { numRuns: 500 },
  );
  t.pass();
});

test('reads what dnf reads', t => {
  const read = readRepositoryFile([
    '# header',
    'stray = x',
    '[a.b]',
    'name=A # b ; c',
    'baseurl=',
    '  https://one/',
    '\thttps://two/#f,https://three/',
    "username = 'it is'",
    'enabled=Yes',
    'enabled=no',
    ';cost=1',
    'sslverify=null',
    ' [indented]',
    'name="a" b "c"',
    '__proto__=x',
    '[a\\.b]',
    'name=other',
  ]);
  t.deepEqual(Object.fromEntries(read.get('a.b') ?? []), {
    name: 'A # b ; c',
    baseurl: 'https://one/ https://two/#f https://three/',
    username: 'it is',
    enabled: '0',
    sslverify: 'null',
  });
  t.deepEqual(Object.fromEntries(read.get('indented') ?? []), { name: 'a" b "c' });
  t.deepEqual(Object.fromEntries(read.get('a\\.b') ?? []), { name: 'other' });
});

test('a secret is compared by its digest, and shown on neither side', t => {
  const settings = wantedSettings({
    id: 'x',
    state: 'present',
    baseurl: ['http://x'],
    username: 'fleet',
    password: new Secret('Sesame'),
  });
  const section =
    readRepositoryFile(repositoryText('x', settings).reveal().split('\n')).get('x') ?? new Map();
  const onHost = new Map([...section, ['password', secretDigest(new Secret('Sesame'))]]);
  t.deepEqual(diffSettings(settings, onHost), []);
  onHost.set('password', secretDigest(new Secret('Other')));
  t.deepEqual(diffSettings(settings, onHost), [
    { option: 'password', before: '[redacted]', after: '[redacted]' },
  ]);
  t.deepEqual(diffSettings(new Map(), new Map([['password', 'Sesame']])), [
    { option: 'password', before: '[redacted]', after: null },
  ]);
});

test('a login in a URL of a file that is taken over is shown on neither side', t => {
  const found = new Map([
    ['baseurl', 'https://u:Sesame@x/a@2 http://u@x https://u:Ses@me@x/ https://x/b@3'],
    ['proxy', 'http://u:Sesame@proxy:3128'],
  ]);
  t.deepEqual(diffSettings(new Map(), found), [
    {
      option: 'baseurl',
      before: 'https://[redacted]@x/a@2 http://[redacted]@x https://[redacted]@x/ https://x/b@3',
      after: null,
    },
    { option: 'proxy', before: 'http://[redacted]@proxy:3128', after: null },
  ]);
});
