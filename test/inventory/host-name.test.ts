import test from 'ava';
import { readHostNames, readPort } from '../../src/inventory/host-name.ts';

const good: readonly (readonly [string, readonly string[], number?])[] = [
  ['kvm-01.example.org', ['kvm-01.example.org']],
  ['kvm-01:2222', ['kvm-01'], 2222],
  ['192.0.2.1:22', ['192.0.2.1'], 22],
  ['2001:db8::1', ['2001:db8::1']],
  ['[2001:db8::1]:2222', ['2001:db8::1'], 2222],
  ['[192.0.2.1]:22', ['192.0.2.1'], 22],
  ['2001:db8::[1:3]', ['2001:db8::1', '2001:db8::2', '2001:db8::3']],
  ['[2001:db8::[1:2]]:22', ['2001:db8::1', '2001:db8::2'], 22],
  ['db[01:03]', ['db01', 'db02', 'db03']],
  ['db[08:10]:22', ['db08', 'db09', 'db10'], 22],
  ['db[1:9:3]', ['db1', 'db4', 'db7']],
  ['db[:2]', ['db0', 'db1', 'db2']],
  ['db[7:7]', ['db7']],
  ['db-[a:e].x', ['db-a.x', 'db-b.x', 'db-c.x', 'db-d.x', 'db-e.x']],
  ['[a:e:2]', ['a', 'c', 'e']],
  ['r[1:2]-[a:b]', ['r1-a', 'r1-b', 'r2-a', 'r2-b']],
];

for (const [word, names, port] of good) {
  test(`a host word is read: ${word}`, t => {
    t.deepEqual(readHostNames(word), port === undefined ? { names } : { names, port });
  });
}

const bad: readonly (readonly [string, string])[] = [
  ['db[9:1]', 'The range [9:1] is reversed'],
  ['db[e:a]', 'The range [e:a] is reversed'],
  ['db[1]', 'Malformed range "[1]"'],
  ['db[]', 'Malformed range "[]"'],
  ['db[1:]', 'Malformed range "[1:]"'],
  ['db[1:2:3:4]', 'Malformed range "[1:2:3:4]"'],
  ['db[1:3:0]', 'Malformed range "[1:3:0]"'],
  ['db[01:100]', 'Malformed range "[01:100]"'],
  ['db[1:c]', 'Malformed range "[1:c]"'],
  ['db[aa:cc]', 'Malformed range "[aa:cc]"'],
  ['db[1:2', 'Malformed range "db[1:2"'],
  ['db1:2]', 'Malformed range "db1:2]"'],
  ['db[1:100001]', '"db[1:100001]" stands for more than 100000 hosts'],
  ['db[1:1000][1:1000]', '"db[1:1000][1:1000]" stands for more than 100000 hosts'],
  ['h:0', 'Bad port "0" in "h:0"'],
  ['h:65536', 'Bad port "65536" in "h:65536"'],
  ['h:ssh', 'Bad port "ssh" in "h:ssh"'],
  ['h:', 'The port is missing in "h:"'],
  ['[2001:db8::1]:', 'The port is missing in "[2001:db8::1]:"'],
  ['[2001:db8::1]', 'Malformed range "[2001:db8::1]"'],
  ['a:b:22', '"a:b:22" is neither a host name with a port nor an IPv6 address'],
  [':22', '"" is no host name'],
  ['', '"" is no host name'],
  ['a b', '"a b" is no host name'],
  ['a\u001b[1:2]', '"a\\u001b1" is no host name'],
  ['---', '"---" is no host name'],
  ['ansible_user=root', '"ansible_user=root" stands where a host name should'],
];

for (const [word, message] of bad) {
  test(`a host word is refused with its reason: ${JSON.stringify(word)}`, t => {
    const fault = readHostNames(word);
    t.is('message' in fault ? fault.message : undefined, message);
    t.truthy('hint' in fault && fault.hint);
  });
}

test('a reversed range comes with the range as it should read', t => {
  t.like(readHostNames('db[12:01]'), { hint: 'Write [01:12]' });
});

test('a port is a whole number from 1 to 65535', t => {
  t.deepEqual(['1', '22', '65535'].map(readPort), [1, 22, 65535]);
  for (const text of ['0', '65536', '-1', '22.0', ' 22', '', 'ssh', '1e3']) {
    t.is(readPort(text), undefined, text);
  }
});
