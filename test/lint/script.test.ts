import test from 'ava';
import fc from 'fast-check';
import { guessOwner } from '../../src/lint/guess.ts';
import { installedScripts } from '../../src/lint/makefile.ts';
import { lintScript } from '../../src/lint/script.ts';
import { declaredIn } from '../../src/lint/told.ts';
import { found, QEMU, vdsm } from './context.ts';

const START = vdsm('before_vm_start');

for (const [title, context, text, ids] of [
  ['python without a version', START, '#!/usr/bin/python\n', ['python-unversioned 1']],
  ['env', QEMU, '#!/usr/bin/env python3\n', ['env-path 1']],
  ['env with a word too many', START, '#!/usr/bin/env python3 -u\n', ['env-arguments 1', 'env-path 1']],
  ['no #! line for VDSM', START, 'exit 0\n', ['no-interpreter 1']],
  ['no #! line for libvirt', QEMU, 'exit 0\n', ['no-interpreter 1']],
  ['CR LF and a byte order mark', START, '\ufeff#!/bin/sh\r\n', ['byte-order-mark 1', 'line-ends 1']],
  ['machine code', QEMU, '\x7fELF virsh', []],
  ['a language that is not looked into', QEMU, '#!/usr/bin/perl\nvirsh;\n', []],
  ['longer than any script', QEMU, `#!/bin/sh\n${'virsh\n'.repeat(30_000)}`, ['not-checked 1']],
] as const) {
  test(`${title}: ${ids.join(', ') || 'nothing to tell'}`, t => t.deepEqual(found(text, context), [...ids]));
}

test('any bytes are looked through without a fault', t => {
  const heads = ['', '#!/bin/sh\n', '#!/usr/bin/python3\n', '\ufeff'];
  fc.assert(
    fc.property(fc.constantFrom(...heads), fc.uint8Array({ maxLength: 300 }), (head, bytes) => {
      const content = Buffer.concat([Buffer.from(head), bytes]);
      for (const context of [QEMU, START]) {
        t.true(lintScript({ content, name: 'x', placed: true }, context).every(({ line }) => line >= 1));
      }
    }),
  );
});

for (const [title, text, owner] of [
  ['uses the module of VDSM', '#!/usr/bin/python3\nimport hooking\n', 'vdsm'],
  ['reads the file of VDSM', '#!/bin/sh\ncat "$_hook_domxml"\n', 'vdsm'],
  ['asks for an operation of qemu', '#!/bin/sh\ncase $2 in prepare) ;; esac\n', 'qemu'],
  ['asks for one of network', '#!/usr/bin/python3\nif sys.argv[2] == "port-created":\n    pass\n', 'network'],
  ['is a service script', '#!/bin/sh\ncase $1 in start|stop) ;; esac\n', undefined],
] as const) {
  test(`whose hook a script is that ${title}`, t => t.is(guessOwner(Buffer.from(text), 'x'), owner));
}

test('a property is declared in a text beside the hook, in the catalogue, or by the script itself', t => {
  const script = Buffer.from('#!/bin/sh\n# property: beta ^.*$\n# reads delta\ncat <"$gamma"\n');
  const declares = declaredIn('alpha=^.*$', script);
  t.deepEqual(['alpha', 'beta', 'gamma', 'delta', 'macbind'].filter(declares), ['alpha', 'beta', 'macbind']);
});

test('a Makefile.am of VDSM tells which script goes to which event', t => {
  const rule = (file: string, to: string) =>
    `\t$(INSTALL_SCRIPT) $(srcdir)/${file} \\\n\t\t$(DESTDIR)$(vdsmhooksdir)/${to}\n`;
  const text = `install-data-local:\n${rule('start.py', 'before_vm_start/50_x')}${rule('x', 'no_event/50_x')}`;
  t.deepEqual(installedScripts(text), [{ file: 'start.py', event: 'before_vm_start', name: '50_x' }]);
});
