import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import { BIN } from './fleet.ts';

const SHELLS = {
  bash: { start: 'bash --noprofile --norc -i', load: 'eval "$(hookfleet completion bash)"' },
  zsh: {
    start: 'zsh -f -i',
    load: 'autoload -Uz compinit && compinit -u -D && eval "$(hookfleet completion zsh)"',
  },
};

/** Types lines into a shell on a terminal; a Tab in them is pressed. Gives everything that was on the screen. */
async function type(t: ExecutionContext, shell: keyof typeof SHELLS, lines: readonly string[]) {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-shell-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  await symlink(BIN, join(folder, 'hookfleet'));
  await writeFile(join(folder, 'hosts.ini'), '[hypervisors]\nkvm-01\nkvm-02\n[storage]\nnas-01\n');
  await writeFile(join(folder, 'hookfleet.cfg'), '[defaults]\ninventory = hosts.ini\n');
  await writeFile(join(folder, 'weekly.yml'), '- hosts: all\n  vdsm_hooks: [diskunmap]\n');
  const { start, load } = SHELLS[shell];
  const running = execa('script', ['-qefc', start, '/dev/null'], {
    cwd: folder,
    env: { HOME: folder, PATH: `${folder}:${process.env.PATH}`, TERM: 'dumb', PS1: 'ready$ ' },
    reject: false,
    timeout: 60_000,
  });
  let screen = '';
  running.stdout?.on('data', chunk => {
    screen += chunk;
  });
  for (const [i, line] of [load, ...lines, 'exit'].entries()) {
    running.stdin?.write(`${line}; echo line-${i}-over\n`);
    // What is typed stands on the screen as well, before it is run.
    const over = new RegExp(`^line-${i}-over`, 'm');
    while (i <= lines.length && !over.test(screen) && running.exitCode === null) {
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }
  await running;
  return screen;
}

for (const shell of ['bash', 'zsh'] as const) {
  test(`${shell}: Tab completes commands, options, hooks, hosts, groups and files`, async t => {
    const screen = await type(t, shell, [
      'hookfleet hooks sho\tdiskunm\t | head -1',
      'hookfleet inventory --expl\tnas\t | head -1',
      'hookfleet check wee\t-l kvm-01:stor\t --print-pro\t >/dev/null && echo all of it was understood',
    ]);
    t.regex(screen, /^diskunmap/m, screen);
    t.regex(screen, /^nas-01/m, screen);
    t.regex(screen, /^all of it was understood/m, screen);
  });
}
