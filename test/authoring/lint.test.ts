// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the shell's own braces
import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import { lintPaths } from '../../src/authoring/lint.ts';
import type { LintWishes } from '../../src/authoring/lint-place.ts';
import { lintText } from '../../src/authoring/lint-text.ts';
import { InputError } from '../../src/core/input-error.ts';

const PYTHON = '#!/usr/bin/python3\nimport os\n';
const SHELL = '#!/bin/sh\nexit 0\n';
const PLAIN = { error: String, warning: String, bold: String, dim: String };

/** A folder with files; those of a name that ends in `*` are executable, a text `-> x` makes a link. */
async function folderWith(t: ExecutionContext, files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-lint-'));
  t.teardown(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name.replace('*', ''));
    await mkdir(dirname(path), { recursive: true });
    await (text.startsWith('-> ') ? symlink(text.slice(3), path) : writeFile(path, text));
    if (name.endsWith('*')) {
      await chmod(path, 0o755);
    }
  }
  return folder;
}

async function lint(
  t: ExecutionContext,
  files: Readonly<Record<string, string>>,
  below = '',
  wishes: LintWishes = {},
) {
  const folder = await folderWith(t, files);
  const { findings, scripts } = await lintPaths([join(folder, below)], wishes);
  const shown = findings
    .filter(one => !one.id.startsWith('shellcheck-'))
    .map(({ path, line, id }) => `${path.slice(folder.length + 1)}:${line} ${id}`);
  return { scripts, shown };
}

test('a hook is its event folders; what stands beside them is left alone', async t => {
  const { scripts, shown } = await lint(t, {
    'before_vm_start/50_audit*': `${PYTHON}os.environ['level']\nos.environ['other']\n`,
    'before_vm_start/audit.py': 'x = 1\n',
    'after_vm_start/audit': SHELL,
    'before_vm_strat/50_audit*': SHELL,
    'after_vm_destroy/README': 'nothing here\n',
    'tests/test_audit.py*': '#!/usr/bin/python2\n',
    'samples/domain.xml': '<domain/>\n',
    'README.md': 'level=^.*$\n',
  });
  t.is(scripts, 2);
  t.deepEqual(shown.toSorted(), [
    'after_vm_destroy:1 no-script',
    'after_vm_start/audit:1 not-executable',
    'after_vm_start/audit:1 unnumbered-name',
    'before_vm_start/50_audit:4 undeclared-property',
    'before_vm_strat:1 unknown-event',
  ]);
});

test('an event folder, a script in it, and a folder of several hooks are known by their names', async t => {
  const files = {
    'audit/after_get_caps/50_audit*': '#!/usr/bin/python3\nimport hooking\nhooking.read_domxml()\n',
    'other/before_vm_start/60_other*': SHELL,
  };
  const wrong = 'audit/after_get_caps/50_audit:3 wrong-input';
  for (const below of ['', 'audit', 'audit/after_get_caps', 'audit/after_get_caps/50_audit']) {
    t.deepEqual((await lint(t, files, below)).shown, [wrong], below);
  }
});

test('folders of libvirt are known by their names, and all that is executable in them runs', async t => {
  const files = {
    'hooks/qemu*': '#!/bin/sh\nvirsh list\n',
    'hooks/qemu.d/10-audit*': SHELL,
    'hooks/qemu.d/.10-audit.swp*': SHELL,
    'hooks/qemu.d/vm1/audit*': SHELL,
    'hooks/network.d/10-x*': '#!/bin/sh\ncase $2 in plugged|start) ;; esac\n',
  };
  const { shown } = await lint(t, files, 'hooks');
  t.deepEqual(shown.toSorted(), [
    'hooks/network.d/10-x:2 unknown-operation',
    'hooks/qemu.d/.10-audit.swp:1 runs-by-accident',
    'hooks/qemu.d/vm1:1 never-runs',
    'hooks/qemu:2 libvirt-call',
  ]);
});

test('what a hook of the site runs by guest and operation is no mistake, and is looked through', async t => {
  const { scripts, shown } = await lint(t, {
    'qemu*': SHELL,
    'qemu.d/win10/prepare/begin/bind.sh*': '#!/bin/sh\ndate >/tmp/bind.log\nexit 0\n',
    'qemu.d/old/bind.sh*': SHELL,
  });
  t.is(scripts, 2);
  t.deepEqual(shown.toSorted(), ['qemu.d/old:1 never-runs', 'qemu.d/win10/prepare/begin/bind.sh:2 tmp-path']);
});

test('more files than can be open at once are all read', async t => {
  const names = Array.from({ length: 200 }, (_, i) => `before_vm_start/${100 + i}_x`);
  const folder = await folderWith(t, Object.fromEntries(names.map(name => [name, 'text\n'])));
  const lint = fileURLToPath(new URL('../../src/authoring/lint.ts', import.meta.url));
  const code = `const { lintPaths } = await import(${JSON.stringify(lint)});
console.log(JSON.stringify((await lintPaths([${JSON.stringify(folder)}], {})).findings.map(one => one.id)));`;
  const { stdout } = await execa(
    'sh',
    [
      '-c',
      'ulimit -n 80; exec "$0" "$@"',
      process.execPath,
      '--import',
      'tsx',
      '--input-type=module',
      '-e',
      code,
    ],
    { cwd: fileURLToPath(new URL('../..', import.meta.url)) },
  );
  t.deepEqual(JSON.parse(stdout), ['no-script']);
});

test('what no folder tells, the options do', async t => {
  const files = {
    'x*': '#!/bin/sh\n[ "$2" = stopp ] && virsh list\nexit 0\n',
    'y.py': 'import hooking\nhooking.read_json()\n',
  };
  t.deepEqual((await lint(t, files, 'x', { driver: 'qemu' })).shown, [
    'x:2 libvirt-call',
    'x:2 unknown-operation',
  ]);
  t.deepEqual((await lint(t, files, 'y.py', { event: 'before_vm_start' })).shown, [
    'y.py:1 no-interpreter',
    'y.py:1 not-executable',
    'y.py:2 wrong-input',
  ]);
});

test("a hook in VDSM's source takes its events from Makefile.am, and its modes from the build", async t => {
  const install = '\t$(INSTALL_SCRIPT) $(srcdir)/caps.py $(DESTDIR)$(vdsmhooksdir)/after_get_caps/50_x\n';
  const { scripts, shown } = await lint(t, {
    'Makefile.am': 'SUBDIRS = x\n',
    'x/Makefile.am': install,
    'x/caps.py': `${PYTHON}import hooking\nhooking.read_domxml()\n`,
    'x/utils.py': '#!/usr/bin/python2\n',
  });
  t.is(scripts, 1);
  t.deepEqual(shown, ['x/caps.py:4 wrong-input']);
});

test('the shells and Python read every script, and leave nothing behind', async t => {
  const folder = await folderWith(t, {
    'before_vm_start/10_a*': '#!/bin/bash\nif true; then\n',
    'before_vm_start/20_b*': '#!/bin/sh\nexit 0\n)\n',
    'before_vm_start/30_c*': '#!/usr/bin/python3\n\nprint "a"\n',
    'before_vm_start/40_d*': '#!/bin/bash\nx=(a b)\necho "${x[@]}" >&2\nexit 0\n',
  });
  const { findings } = await lintPaths([folder], {});
  t.deepEqual(
    findings.filter(one => one.id.endsWith('-syntax')).map(({ id, line }) => `${id} ${line}`),
    ['shell-syntax 3', 'shell-syntax 3', 'python-syntax 3'],
  );
  t.deepEqual(await readdir(join(folder, 'before_vm_start')), ['10_a', '20_b', '30_c', '40_d']);
});

test('no line of a script runs, and no file of the environment', async t => {
  const folder = await folderWith(t, { 'before_vm_start/10_a*': '', env: '' });
  await writeFile(join(folder, 'before_vm_start/10_a'), `#!/bin/bash\ntouch ${folder}/ran\n`);
  await writeFile(join(folder, 'env'), `touch ${folder}/ran\n`);
  process.env.BASH_ENV = join(folder, 'env');
  t.teardown(() => delete process.env.BASH_ENV);
  await lintPaths([folder], {});
  t.deepEqual((await readdir(folder)).toSorted(), ['before_vm_start', 'env']);
});

test.serial('a program that is not here is told, and shellcheck is asked where it is', async t => {
  const folder = await folderWith(t, {
    'before_vm_start/10_a*': '#!/bin/bash\necho $1 >&2\nexit 0\n',
    'before_vm_start/20_b*': PYTHON,
    // What shellcheck 0.9.0 prints for it.
    'bin/shellcheck*':
      '#!/bin/sh\necho \'{"comments":[{"file":"-","line":2,"endLine":2,"column":6,"endColumn":8,"level":"info","code":2086,"message":"Double quote to prevent globbing and word splitting.","fix":null}]}\'\nexit 1\n',
  });
  const { PATH } = process.env;
  t.teardown(() => {
    process.env.PATH = PATH;
  });
  process.env.PATH = '/nowhere';
  const none = await lintPaths([join(folder, 'before_vm_start')], {});
  t.deepEqual(
    none.findings.map(({ id, severity, message }) => `${id} ${severity} ${message.split(' ')[0]}`),
    ['not-checked warning bash', 'not-checked warning python3'],
  );
  t.deepEqual(none.missing, ['shellcheck']);
  process.env.PATH = `${join(folder, 'bin')}:${PATH}`;
  const { findings, missing } = await lintPaths([join(folder, 'before_vm_start')], {});
  t.deepEqual(
    findings.map(({ id, severity, line }) => `${id} ${severity} ${line}`),
    ['shellcheck-SC2086 note 2'],
  );
  t.deepEqual(missing, []);
});

test('links in a circle, dead links, pipes, what cannot be read and what is too large do no harm', async t => {
  const folder = await folderWith(t, {
    'before_vm_start/10_loop': '-> 10_loop',
    'before_vm_start/20_dead': '-> nowhere',
    'before_vm_start/30_mem': '-> /proc/self/mem',
    'before_vm_start/40_large*': `${SHELL}${'#'.repeat(1024 * 1024)}`,
    'before_vm_start/60_binary*': '#!/bin/sh\n\0\0\u{1}\n',
    'before_vm_start/circle': '-> ..',
    circle: '-> .',
  });
  await execa('mkfifo', [join(folder, 'before_vm_start/50_pipe')]);
  const { findings } = await lintPaths([folder], {});
  t.deepEqual(
    findings
      .filter(one => !/^shellcheck|-syntax$/.test(one.id))
      .map(({ id, path }) => `${id} ${path.slice(folder.length + 17)}`),
    [
      'never-runs 10_loop',
      'never-runs 20_dead',
      'unreadable 30_mem',
      'too-large 40_large',
      'never-runs 50_pipe',
      'never-runs circle',
    ],
  );
});

test('a path with nothing there is refused; a folder without a hook is an error', async t => {
  const folder = await folderWith(t, { 'notes.txt': 'x' });
  const error = await t.throwsAsync(lintPaths([join(folder, 'none')], {}), { instanceOf: InputError });
  t.regex(error.message, /none does not exist/);
  const { findings } = await lintPaths([folder], {});
  t.deepEqual(
    findings.map(one => one.id),
    ['no-script'],
  );
});

test('the hooks of the project have nothing to tell', async t => {
  const { findings, scripts } = await lintPaths(['playbooks'], {});
  t.true(scripts > 0);
  t.deepEqual(findings, []);
});

test('people read each finding once, with all its places and what to do', t => {
  const finding = { id: 'tmp-path', severity: 'warning', message: 'bad\u001b[2J', hint: 'Do it.' } as const;
  const findings = [
    { ...finding, path: 'a', line: 3 },
    { ...finding, path: 'b', line: 4 },
  ];
  t.is(
    lintText({ findings, scripts: 2, missing: ['shellcheck'] }, PLAIN),
    [
      'a:3: warning tmp-path: bad\\u{1b}[2J',
      '  also b:4',
      '  Do it. (docs/lint.md#tmp-path)',
      '',
      '2 scripts: 2 warnings',
      'shellcheck is not installed here, so it was not asked.',
    ].join('\n'),
  );
});
