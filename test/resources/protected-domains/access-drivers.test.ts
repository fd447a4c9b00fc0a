import test from 'ava';
import fc from 'fast-check';
import {
  asksPolkit,
  readAccessDrivers,
  shownAccessDrivers,
  withoutPolkit,
  withPolkit,
} from '../../../src/resources/protected-domains/access-drivers.ts';

const SAMPLE = '# Change the scheme\n#access_drivers = [ "polkit" ]\n\n#max_clients = 5000\n';

for (const [title, text, edited] of [
  ['an empty file', '', 'access_drivers = [ "polkit" ]\n'],
  [
    'the file of a distribution: behind the commented default',
    SAMPLE,
    '# Change the scheme\n#access_drivers = [ "polkit" ]\naccess_drivers = [ "polkit" ]\n\n#max_clients = 5000\n',
  ],
  ['no commented default: at the end', 'listen_tls = 0\n', 'listen_tls = 0\naccess_drivers = [ "polkit" ]\n'],
  ['no line feed at the end', 'listen_tls = 0', 'listen_tls = 0\naccess_drivers = [ "polkit" ]\n'],
  [
    'another driver stays',
    'access_drivers = [ "none" ] # site\nx = 1\n',
    'access_drivers = [ "none", "polkit" ] # site\nx = 1\n',
  ],
  ['an empty list', '\taccess_drivers=[]\n', '\taccess_drivers=[ "polkit" ]\n'],
  [
    'a list over several lines, in other quotes',
    "access_drivers = [\n  'none',\n]\nx = 1\n",
    'access_drivers = [ "none", "polkit" ]\nx = 1\n',
  ],
  [
    'of two lines the first counts',
    'access_drivers = []\naccess_drivers = [ "polkit" ]\n',
    'access_drivers = [ "polkit" ]\naccess_drivers = [ "polkit" ]\n',
  ],
  [
    'after the markers of another program',
    '## beginning of configuration section by vdsm-4.30\nauth_unix_rw="sasl"\n## end of configuration section by vdsm-4.30\n',
    '## beginning of configuration section by vdsm-4.30\nauth_unix_rw="sasl"\n## end of configuration section by vdsm-4.30\naccess_drivers = [ "polkit" ]\n',
  ],
] as const) {
  test(`polkit is asked besides: ${title}`, t => {
    t.is(withPolkit(text), edited);
    t.true(asksPolkit(edited));
    t.is(withPolkit(edited), edited, 'a second time changes nothing');
    t.is(withoutPolkit(edited, text), text, 'and it comes back byte for byte');
  });
}

test('what asks polkit already stays as it is', t => {
  for (const text of ['access_drivers = [ "polkit" ]\n', "access_drivers=['none', 'polkit',]"]) {
    t.is(withPolkit(text), text);
    t.is(withoutPolkit(text, text), text);
  }
});

for (const value of ['"polkit"', '[ "polkit"', '[ polkit ]', '', '[ "a\nb" ]', '[ "polkit", "foo" ]']) {
  test(`what cannot be read is left alone: ${JSON.stringify(value)}`, t => {
    const text = `access_drivers = ${value}\n`;
    t.is(readAccessDrivers(text), 'unclear');
    t.is(withPolkit(text), undefined);
    t.false(asksPolkit(text));
    t.is(shownAccessDrivers(text), 'access_drivers that cannot be read');
  });
}

for (const [title, before, now, restored] of [
  ['other lines were added', 'a = 1\n', 'a = 1\naccess_drivers = [ "polkit" ]\nb = 2\n', 'a = 1\nb = 2\n'],
  [
    'other lines were edited',
    SAMPLE,
    '#access_drivers = [ "polkit" ]\naccess_drivers = [ "polkit" ]\nmax_clients = 7\n',
    '#access_drivers = [ "polkit" ]\nmax_clients = 7\n',
  ],
  [
    'a value of before comes back as it was written',
    "access_drivers = [\n'none'] # site\n",
    'b = 2\naccess_drivers = [ "none", "polkit" ] # site\n',
    "b = 2\naccess_drivers = [\n'none'] # site\n",
  ],
  [
    'somebody has changed the value since: it is theirs',
    'a = 1\n',
    'a = 1\naccess_drivers = [ "polkit", "none" ]\n',
    'a = 1\naccess_drivers = [ "polkit", "none" ]\n',
  ],
  ['somebody has taken it out since', 'a = 1\n', 'b = 1\n', 'b = 1\n'],
  [
    'somebody has written the line otherwise',
    'a = 1\n',
    'a = 1\n  access_drivers=["polkit",];\nb = 2\n',
    'a = 1\nb = 2\n',
  ],
  [
    'somebody has broken the line',
    'a = 1\n',
    'a = 1\naccess_drivers = [\n"polkit"\n]\nb = 2\n',
    'a = 1\nb = 2\n',
  ],
  [
    'somebody has written behind it',
    'a = 1\n',
    'access_drivers = [ "polkit" ] # site\na = 1\n',
    'access_drivers = [ "polkit" ] # site\na = 1\n',
  ],
] as const) {
  test(`taken back from a configuration that was edited since: ${title}`, t => {
    t.is(withoutPolkit(now, before), restored);
  });
}

const line = fc.oneof(
  fc.constantFrom(
    '#access_drivers = [ "polkit" ]',
    'access_drivers = [ "none" ]',
    'access_drivers = []',
    'listen_tls = 0',
    '',
    '# access_drivers',
    'access_drivers = [ "polkit" ]',
  ),
  fc.string(),
);

test('whatever a configuration holds, an edit changes one place and comes back byte for byte', t => {
  fc.assert(
    fc.property(fc.array(line), fc.constantFrom('\n', '\r\n'), fc.boolean(), (all, end, isEnded) => {
      const text = all.join(end) + (isEnded ? end : '');
      const edited = withPolkit(text);
      if (edited === undefined) {
        return readAccessDrivers(text) === 'unclear';
      }
      return asksPolkit(edited) && withoutPolkit(edited, text) === text;
    }),
  );
  t.pass();
});
