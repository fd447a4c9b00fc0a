import test from 'ava';
import { againLine, startLine } from '../../../src/cli/vm/vm-again.ts';

const SAID = {
  patterns: ['web-*'],
  wishes: [
    { name: 'audit_tag', value: "it's" },
    { name: 'old', absent: true as const },
  ],
};

test('a few VMs are named, and all is quoted for a shell', t => {
  t.is(
    againLine(['web 1', 'db'], SAID, { inventory: ['my hosts.ini'], engineUser: 'admin@internal' }),
    "hookfleet vm set 'web 1' db 'audit_tag=it'\\''s' --unset old -i 'my hosts.ini' --engine-user admin@internal --restart",
  );
});

test('many VMs are named as they were the first time', t => {
  const many = Array.from({ length: 11 }, (_, index) => `web-${index}`);
  t.regex(againLine(many, SAID, {}), /^hookfleet vm set 'web-\*' /);
  t.regex(
    againLine(many, { ...SAID, patterns: [] }, { search: 'tag=x' }),
    /^hookfleet vm set 'audit_tag=[^ ]+ --unset old --search 'tag=x' --restart$/,
  );
});

test('the command that starts a VM says which engine is meant', t => {
  t.is(
    startLine('web-1', { engineUrl: 'https://e.example.org', engineCa: 'ca.pem' }),
    'hookfleet vm start web-1 --engine-url https://e.example.org --engine-ca ca.pem',
  );
});
