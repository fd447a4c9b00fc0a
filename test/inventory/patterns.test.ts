import test from 'ava';
import { InputError } from '../../src/core/input-error.ts';
import { parseInventory } from '../../src/inventory/parse.ts';
import { limitHosts, matchHosts } from '../../src/inventory/patterns.ts';

const inventory = parseInventory([
  {
    file: 'hosts',
    text: `lone1
lone2
[web]
web[1:4]
[db]
db-a.x.org
db-b.x.org
web2
[site:children]
db
web
[empty]
[v6]
2001:db8::1
10.0.0.1
[web1]
z1
`,
  },
]);

// The hosts are those that `ansible --list-hosts` of ansible-core 2.14.18 named, in its order.
const matches: readonly (readonly [string, string])[] = [
  ['all', 'lone1 lone2 2001:db8::1 10.0.0.1 z1 db-a.x.org db-b.x.org web2 web1 web3 web4'],
  ['*', 'lone1 lone2 2001:db8::1 10.0.0.1 z1 db-a.x.org db-b.x.org web2 web1 web3 web4'],
  ['site', 'db-a.x.org db-b.x.org web2 web1 web3 web4'],
  ['ungrouped', 'lone1 lone2'],
  ['web:db', 'web1 web2 web3 web4 db-a.x.org db-b.x.org'],
  ['db, web', 'db-a.x.org db-b.x.org web2 web1 web3 web4'],
  ['web:&db', 'web2'],
  ['&db:web', 'web2'],
  ['web:!db', 'web1 web3 web4'],
  ['!web1:web', 'web1 web2 web3 web4'],
  ['!site:!v6', 'lone1 lone2 z1'],
  ['web:&site:!web2', 'web1 web3 web4'],
  ['all:!empty:&v6', '2001:db8::1 10.0.0.1'],
  ['web1', 'web1'],
  ['web[0]', 'web1'],
  ['web[-1]', 'web4'],
  ['web[1:2]', 'web2 web3'],
  ['web[1-2]', 'web2 web3'],
  ['web[2:]', 'web3 web4'],
  ['web[0:1]:!web2', 'web1'],
  ['site[0:2]', 'db-a.x.org db-b.x.org web2'],
  ['db-*', 'db-a.x.org db-b.x.org'],
  ['*.org', 'db-a.x.org db-b.x.org'],
  ['lone?', 'lone1 lone2'],
  ['lone[!1]', 'lone2'],
  ['~web[13]$', 'z1 web1 web3'],
  ['~(?i)LONE', 'lone1 lone2'],
  ['~.*org', 'db-a.x.org db-b.x.org'],
  ['db-a.x.org', 'db-a.x.org'],
  ['2001:db8::1', '2001:db8::1'],
  ['2001:db8::1,lone2', '2001:db8::1 lone2'],
];

for (const [pattern, hosts] of matches) {
  test(`a pattern names the hosts that Ansible names, in its order: ${pattern}`, t => {
    t.deepEqual(matchHosts(inventory, pattern), hosts.split(' '));
  });
}

const refused: readonly (readonly [string, string])[] = [
  ['weeb', '"weeb" matches no group and no host of the inventory\n  Did you mean "web"?'],
  ['all:!dbb', '"dbb" matches no group and no host of the inventory\n  Did you mean "db"?'],
  [
    'zzzzzz*',
    '"zzzzzz*" matches no group and no host of the inventory\n  See what there is: hookfleet inventory -i INVENTORY --graph',
  ],
  [
    'web,dbb,lonee',
    '"dbb" matches no group and no host of the inventory\n  Did you mean "db"?\n"lonee" matches no group and no host of the inventory\n  Did you mean "lone1"?',
  ],
  ['empty', 'The pattern "empty" leaves no host'],
  ['web:&v6', 'The pattern "web:&v6" leaves no host'],
  ['web[4]', '"web[4]" matches no host: "web" has 4\n  Positions count from 0, and of [1:3] both ends count'],
  ['', 'The host pattern is empty\n  For every host write all'],
  [' , ', 'The host pattern is empty\n  For every host write all'],
];

for (const [pattern, message] of refused) {
  test(`a pattern that names nothing is an input error with a way out: ${JSON.stringify(pattern)}`, t => {
    t.is(t.throws(() => matchHosts(inventory, pattern), { instanceOf: InputError })?.message, message);
  });
}

test('a broken regular expression is an input error', t => {
  const error = t.throws(() => matchHosts(inventory, '~(web'), { instanceOf: InputError });
  t.regex(error?.message ?? '', /^"~\(web" is no pattern/);
});

test('an error tells where the pattern stands', t => {
  const place = { file: 'site.yml', line: 3, column: 10 };
  const error = t.throws(() => matchHosts(inventory, 'weeb', place), { instanceOf: InputError });
  t.deepEqual(error?.problems[0]?.place, place);
});

test('groups and hosts may have the names of object members', t => {
  const hostile = parseInventory([{ file: 'hosts', text: '[__proto__]\nconstructor\n' }]);
  t.deepEqual(matchHosts(hostile, '__proto__'), ['constructor']);
  t.throws(() => matchHosts(hostile, 'toString'), { instanceOf: InputError });
});

test('a limit leaves the hosts of the play that it names too, in the order of the play', t => {
  t.deepEqual(limitHosts(inventory, 'site', 'web2,web1,lone1'), ['web2', 'web1']);
});

test('a play may have no host within the limit, but the limit itself must name one', t => {
  t.deepEqual(limitHosts(inventory, 'db', 'lone1'), []);
  t.throws(() => limitHosts(inventory, 'db', 'typo'), { instanceOf: InputError });
});
