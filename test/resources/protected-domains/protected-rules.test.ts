import { runInNewContext } from 'node:vm';
import test from 'ava';
import fc from 'fast-check';
import { DENIED_PERMISSIONS } from '../../../src/catalog/domain-permissions.ts';
import { assertParses, protectionRules } from '../../../src/resources/protected-domains/protected-rules.ts';

interface Asked {
  readonly id: string;
  readonly name?: string;
  readonly uuid?: string;
  readonly groups?: readonly string[];
}

/** Asks the rules as polkitd does: one after the other, until one of them answers (polkit(8)). */
function ask(text: string, { id, name, uuid, groups = [] }: Asked): string | null {
  const rules: ((action: unknown, subject: unknown) => string | null)[] = [];
  const polkit = {
    Result: { YES: 'yes', NO: 'no', NOT_HANDLED: null },
    addRule: (rule: (typeof rules)[number]) => rules.push(rule),
  };
  runInNewContext(text, { polkit });
  const details: Readonly<Record<string, string | undefined>> = { domain_name: name, domain_uuid: uuid };
  const action = { id, lookup: (key: string) => details[key] };
  const subject = { isInGroup: (group: string) => groups.includes(group) };
  for (const rule of rules) {
    const answer = rule(action, subject);
    if (answer !== null) {
      return answer;
    }
  }
  return null;
}

const DOMAIN = 'org.libvirt.api.domain.';
const UUID = '4dea22b3-1d52-d8f3-2516-782e98ab3fa0';
const RULES = protectionRules(['db-1', UUID], ['libvirt', 'domain admins']);
const OPERATOR = ['libvirt'];

test('what stops a protected domain is denied, by name and by UUID, whoever asks', t => {
  for (const permission of DENIED_PERMISSIONS) {
    for (const groups of [[], OPERATOR]) {
      t.is(ask(RULES, { id: DOMAIN + permission, name: 'db-1', uuid: 'x', groups }), 'no', permission);
      t.is(ask(RULES, { id: DOMAIN + permission, name: 'x', uuid: UUID, groups }), 'no', permission);
    }
  }
});

test('an operator may do all else, and nobody but an operator', t => {
  for (const [id, name] of [
    [`${DOMAIN}stop`, 'db-2'],
    [`${DOMAIN}start`, 'db-1'],
    [`${DOMAIN}open-graphics`, 'db-1'],
    [`${DOMAIN}write`, 'db-11'],
    ['org.libvirt.api.network.stop', undefined],
    ['org.libvirt.api.connect.write', undefined],
  ] as const) {
    const domain = name === undefined ? {} : { name, uuid: 'x' };
    t.is(ask(RULES, { id, ...domain, groups: OPERATOR }), 'yes', id);
    t.is(ask(RULES, { id, ...domain, groups: ['domain admins'] }), 'yes', id);
    t.is(ask(RULES, { id, ...domain, groups: ['users'] }), null, id);
  }
});

test('everybody may list over the read-only socket what everybody could, and nobody suspends the host', t => {
  t.is(ask(RULES, { id: 'org.libvirt.api.node-device.read' }), 'yes');
  t.is(ask(RULES, { id: 'org.libvirt.api.connect.pm-control', groups: OPERATOR }), 'no');
});

test('what is no business of libvirt’s access control is left to other rules', t => {
  for (const id of [
    'org.libvirt.unix.manage',
    'org.freedesktop.login1.reboot',
    'xorg.libvirt.api.domain.stop',
  ]) {
    t.is(ask(RULES, { id, name: 'db-1', groups: OPERATOR }), null, id);
  }
});

test('where the site grants by rules of its own, these grant nothing', t => {
  const rules = protectionRules(['db-1'], []);
  t.is(ask(rules, { id: `${DOMAIN}stop`, name: 'db-1', groups: OPERATOR }), 'no');
  t.is(ask(rules, { id: `${DOMAIN}stop`, name: 'db-2', groups: OPERATOR }), null);
  t.is(ask(rules, { id: 'org.libvirt.api.node-device.read', groups: OPERATOR }), null);
});

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '"',
    "'",
    '\\',
    '\\"',
    '*/',
    '</script>',
    '\u2028',
    '\u2029',
    '\n});',
    '"]; polkit.addRule(function () { return "yes"; }); [',
    '__proto__',
    'constructor',
    'toString',
    '$(x)',
    '`',
    'café',
    '中',
  ),
);

test('whatever the names are, the text parses, is ASCII, and they are protected and nothing else is', t => {
  fc.assert(
    fc.property(
      fc.array(hostile, { minLength: 1 }),
      fc.array(hostile, { minLength: 1 }),
      hostile,
      (names, groups, other) => {
        const text = protectionRules(names, groups);
        const id = `${DOMAIN}stop`;
        return (
          /^[\n\x20-\x7e]*$/.test(text) &&
          names.every(name => ask(text, { id, name, uuid: 'x', groups }) === 'no') &&
          groups.every(
            group => ask(text, { id, name: 'free to stop', uuid: 'x', groups: [group] }) === 'yes',
          ) &&
          (names.includes(other) || ask(text, { id, name: other, uuid: 'x', groups }) === 'yes')
        );
      },
    ),
  );
  t.pass();
});

test('a text that is no JavaScript is not let through', t => {
  t.throws(() => assertParses(`${RULES}\n}`), { instanceOf: SyntaxError });
  t.throws(() => assertParses('polkit.addRule(function (action) { var a = "\n"; });'), {
    instanceOf: SyntaxError,
  });
});

test('the text is for an engine of ECMAScript 5', t => {
  t.notRegex(RULES, /=>|\b(?:let|const|class|of)\b|`|\.includes\(|\?\./);
});
