import test from 'ava';
import { execa } from 'execa';
import { BIN } from '../program.ts';
import { withEngineOf } from './engine-program.ts';

for (const [answer, exitCode, status] of [
  ['y', 0, 'changed'],
  ['n', 3, 'drifted'],
] as const) {
  test(`on a terminal the plan is shown, and "${answer}" is heeded`, async t => {
    const { folder, env, vm } = await withEngineOf(t, {
      vms: [{ name: 'web-1' }, { name: 'web-2' }, { name: 'db', deleteProtected: true }],
    });
    const command = `'${process.execPath}' '${BIN}' vm set '*' audit_tag=web --restart`;
    const running = execa('script', ['-qefc', command, '/dev/null'], {
      cwd: folder,
      env: { ...env, TERM: 'xterm' },
      reject: false,
      timeout: 120_000,
    });
    let screen = '';
    running.stdout?.on('data', chunk => {
      screen += chunk;
      if (screen.endsWith('[y/N] ')) {
        running.stdin?.write(`${answer}\n`);
      }
    });
    t.is((await running).exitCode, exitCode);
    const lines = screen.replaceAll('\r', '');
    t.regex(
      lines,
      /^web-1, web-2 {2}\(2\)\n {2}~ vm-property audit_tag: set {2}web\n {2}is shut down and started\n/m,
    );
    t.regex(lines, /^db\n.*\n {2}not restarted: it is protected from deletion\n/m);
    t.regex(lines, /Change these 3 VMs, and shut 2 of them down and start them again\? \[y\/N\] /);
    t.regex(lines, new RegExp(`^web-1 +${status} `, 'm'));
    t.is(vm('web-1').asked.start, answer === 'y' ? 1 : 0);
  });
}
