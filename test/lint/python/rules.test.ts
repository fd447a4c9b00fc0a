import test from 'ava';
import fc from 'fast-check';
import type { HookContext } from '../../../src/lint/context.ts';
import { readPython } from '../../../src/lint/python/lines.ts';
import { found, QEMU, vdsm } from '../context.ts';

const START = vdsm('before_vm_start');

/** The first line of each is `#!/usr/bin/python3`: the script begins on line 2. */
const CASES: readonly (readonly [
  title: string,
  context: HookContext,
  script: string,
  ids: readonly string[],
])[] = [
  ['iteritems', START, 'for a in x.iteritems():\n    pass', ['python2-code 2']],
  ['iteritems of six', START, 'for a in six.iteritems(x):\n    pass', []],
  [
    'has_key, xrange, unicode',
    START,
    'a.has_key(1)\nxrange(3)\nunicode("a")',
    ['python2-code 2', 'python2-code 3', 'python2-code 4'],
  ],
  ['in a comment or text', START, '# a.has_key(1)\nx = """\na.iteritems()\n"""', []],
  ['a function of its own', START, 'def unicode(x):\n    return x\nunicode(1)', []],
  ['a script for both', START, 'try:\n    import urllib2\nexcept ImportError:\n    pass', []],
  ['a module that has another name', START, 'import ConfigParser', ['python2-code 2']],
  [
    'ord of bytes',
    START,
    'b = os.urandom(4)\nx = [ord(c) for c in b]\ny = [ord(c) for c in "ab"]',
    ['python2-code 3'],
  ],
  [
    'a property that nobody is told of',
    START,
    'os.environ["known"]\nos.environ.get("unknown")',
    ['undeclared-property 3'],
  ],
  ['by a name', START, "KEY = 'unknown'\nif KEY in os.environ:\n    pass", ['undeclared-property 3']],
  ['a property that is set', START, 'os.environ["unknown"] = "1"', []],
  [
    'what the script itself tells of',
    START,
    '"""\nhook: unknown=true\n"""\nos.getenv("vmId")\nos.environ["PATH"]',
    [],
  ],
  ['exit 3', START, 'sys.exit(3)', ['exit-status 2']],
  ['the XML at an event with JSON', vdsm('after_get_caps'), 'hooking.read_domxml()', ['wrong-input 2']],
  ['the XML at a start', START, 'hooking.read_domxml()', []],
  ['JSON at a start', START, 'x = (1,\n     hooking.read_json())', ['wrong-input 3']],
  ['a log below /tmp', START, "open('/tmp/hook.log', 'a')", ['tmp-path 2']],
  ['the folder alone', START, "mkdtemp(dir='/tmp')\n'''\n/tmp/told\n'''", []],
  ['a child that is left', START, "subprocess.Popen(['sleep', '9'])", ['background-child 2']],
  ['a child that is waited for', START, "p = subprocess.Popen(['ls'])\np.wait()", []],
  ['the libvirt module', QEMU, 'import libvirt', ['libvirt-call 2']],
  ['virsh in a message', QEMU, "log.error('virsh is not asked here')\nshutil.which('virsh')", []],
  ['virsh', QEMU, "subprocess.check_output(\n    ['virsh', 'list'])", ['libvirt-call 3']],
  ['stop', QEMU, "_, name, op, *rest = sys.argv\nif op == 'stop':\n    sys.exit(1)", ['unknown-operation 3']],
  [
    'operations in a list',
    QEMU,
    "op = sys.argv[2]\nif op in ('start', 'attach'):\n    pass",
    ['unknown-operation 3'],
  ],
  ['an output', QEMU, 'print("hello")\nprint("hello", file=sys.stderr)', ['stdout-chatter 2']],
  ['an output at another operation', QEMU, 'if sys.argv[2] == "start":\n    if x:\n        print("a")', []],
  [
    'an output after all others have left',
    QEMU,
    'if sys.argv[2] != "start":\n    sys.exit(0)\nprint("a")',
    [],
  ],
  ['the XML of the guest', QEMU, 'print(xml)\nsys.stdout.write(tree.toxml())', []],
  ['a comment cut off', QEMU, 'x = line.split("#")[0]', ['comment-blanks 2', 'hash-in-name 2']],
];

for (const [title, context, script, ids] of CASES) {
  test(`${title}: ${ids.join(', ') || 'nothing to tell'}`, t =>
    t.deepEqual(found(`#!/usr/bin/python3\n${script}\n`, context), [...ids]));
}

test('any text is taken apart, and every line is one of the file', t => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('"', "'", '"""', '\\', '\n', '#', '(', ')', 'a', ' ', '\t'), {
        maxLength: 60,
      }),
      parts => {
        const text = parts.join('');
        const { lines, literals } = readPython(text);
        const last = text.split('\n').length;
        t.true([...lines, ...literals].every(({ line }) => line >= 1 && line <= last));
      },
    ),
  );
});
