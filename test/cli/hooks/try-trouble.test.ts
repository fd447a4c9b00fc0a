import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { python, setUpTry, sh } from './try-set-up.ts';

test('a script that hangs is ended at the time limit, and the VM would not start', async t => {
  const { script, json } = await setUpTry(t);
  await script('h/before_vm_start/10_hangs', sh('trap "" TERM', 'sleep 600 & sleep 600'));
  await script('h/before_vm_start/20_next', sh('exit 0'));
  const { tried, exitCode } = await json('h', '--timeout', '1');
  t.is(exitCode, 1);
  t.is(tried.scripts[0]?.ran?.ending, 'hung');
  t.is(tried.scripts[1]?.ran, null);
  t.is(tried.verdict, 'VDSM would wait for 10_hangs for ever: the VM would not start.');
});

test('at an event that aborts nothing, a script that hangs holds the operation up too', async t => {
  const { script, json } = await setUpTry(t);
  await script('h/after_vm_start/10_hangs', sh('sleep 600'));
  const { tried, exitCode } = await json('h', '--timeout', '1');
  t.is(exitCode, 1);
  t.is(
    tried.verdict,
    'VDSM would wait for 10_hangs for ever: what VDSM does there would not come to its end.',
  );
});

for (const { title, start } of [
  { title: 'in its process group', start: 'sleep 600 &' },
  { title: 'in a session of its own', start: 'setsid sleep 600 &' },
  { title: 'without an environment, in a session of its own', start: 'setsid env -i sleep 2 &' },
]) {
  test(`a child ${title} that holds stdout is found, and nothing waits for it`, async t => {
    const { script, json } = await setUpTry(t);
    await script('h/before_vm_start/10_forks', sh(start, 'exit 0'));
    const { tried, exitCode } = await json('h', '--timeout', '1');
    t.is(tried.scripts[0]?.ran?.ending, 'held');
    t.is(tried.scripts[0]?.ran?.status, 0);
    t.is(exitCode, 1);
    t.regex(tried.scripts[0]?.notes.join(' ') ?? '', /holds its stdout or stderr open/);
  });
}

test('a child that holds no output is told, and ended', async t => {
  const { script, json } = await setUpTry(t);
  await script(
    'h/before_vm_start/10_forks',
    sh(
      'sleep 601 </dev/null >/dev/null 2>&1 &',
      'until grep -q 601 "/proc/$!/cmdline"; do sleep 0.05; done',
      'exit 0',
    ),
  );
  const { tried, exitCode } = await json('h');
  t.is(exitCode, 0);
  t.deepEqual(tried.scripts[0]?.ran?.left, ['sleep 601']);
  t.deepEqual(tried.scripts[0]?.notes, ['It left running, and was ended here: sleep 601.']);
});

test('a child that holds stdout for a while is told', async t => {
  const { script, json } = await setUpTry(t);
  await script('h/before_vm_start/10_forks', sh('sleep 1 &', 'exit 0'));
  const { tried, exitCode } = await json('h');
  t.is(exitCode, 0);
  t.regex(tried.scripts[0]?.notes.join(' ') ?? '', /stayed open for \d\.\d s more: VDSM waits for that/);
});

for (const stream of ['', ' >&2']) {
  test(`a flood on std${stream === '' ? 'out' : 'err'} ends, and does not fill the memory`, async t => {
    const { script, run } = await setUpTry(t);
    await script('h/before_vm_start/10_floods', sh(`yes "$(head -c 4000 /dev/zero | tr '\\0' x)"${stream}`));
    const { exitCode, stdout } = await run('h', '--timeout', '3');
    t.is(exitCode, 1);
    t.regex(stdout, /10_floods: did not end/);
    t.true(stdout.length < 1_000_000);
  });
}

const LEAVES: readonly { title: string; event: string; text: string; goesOn: boolean; verdict: RegExp }[] = [
  {
    title: 'XML with an open tag',
    event: 'before_vm_start',
    text: sh('echo "<domain>" > "$_hook_domxml"'),
    goesOn: false,
    verdict:
      /^What was left is no well-formed XML \(line 2: <domain> of line 1 has no end\): the VM would not start\.$/,
  },
  {
    title: 'no XML at an event whose output is thrown away',
    event: 'after_vm_start',
    text: sh('echo nothing > "$_hook_domxml"'),
    goesOn: true,
    verdict: /^VDSM would go on\.$/,
  },
  {
    title: 'an empty device',
    event: 'before_nic_hotplug',
    text: sh(': > "$_hook_domxml"'),
    goesOn: false,
    verdict: /there is no element in it.*the vNIC would not be plugged in/,
  },
  {
    title: 'no JSON at an event whose output is thrown away',
    event: 'after_network_setup',
    text: sh('echo "{" > "$_hook_json"'),
    goesOn: false,
    verdict: /^What was left is no well-formed JSON .*, which VDSM reads though it throws it away: /,
  },
  {
    title: "Python's NaN",
    event: 'after_get_stats',
    text: python(
      'import hooking',
      'd = hooking.read_json()',
      'd["x"] = float("nan")',
      'hooking.write_json(d)',
    ),
    goesOn: true,
    verdict: /^VDSM would go on\.$/,
  },
  {
    title: 'no file',
    event: 'after_vm_start',
    text: sh('rm "$_hook_domxml"'),
    goesOn: false,
    verdict: /^The file is gone, and VDSM fails when it reads it/,
  },
  {
    title: 'a folder',
    event: 'before_vm_start',
    text: sh('rm "$_hook_domxml"; mkdir "$_hook_domxml"'),
    goesOn: false,
    verdict: /^The file is no regular file any more/,
  },
  {
    title: 'a pipe that nobody writes to',
    event: 'before_vm_start',
    text: sh('rm "$_hook_domxml"; mkfifo "$_hook_domxml"'),
    goesOn: false,
    verdict: /^The file is no regular file any more/,
  },
  {
    title: 'no UTF-8',
    event: 'after_vm_start',
    text: sh(`printf '<domain>\\377</domain>' > "$_hook_domxml"`),
    goesOn: false,
    verdict: /^The file is not UTF-8/,
  },
  {
    title: 'another file in its place',
    event: 'before_vm_start',
    text: sh('sed s/kvm/qemu/ "$_hook_domxml" > "$TMPDIR/new"; mv "$TMPDIR/new" "$_hook_domxml"'),
    goesOn: true,
    verdict: /^VDSM would go on\.$/,
  },
  {
    title: 'nothing of itself, and closed folders',
    event: 'before_vm_start',
    text: sh('rm -- "$0"; mkdir -p "$TMPDIR/a/b"; chmod 0 "$TMPDIR/a/b" "$TMPDIR/a"; exec <&-'),
    goesOn: true,
    verdict: /^VDSM would go on\.$/,
  },
];

for (const { title, event, text, goesOn, verdict } of LEAVES) {
  test(`a script at ${event} that leaves ${title}`, async t => {
    const { script, json } = await setUpTry(t);
    await script(`h/${event}/50_x`, text);
    const { tried, exitCode } = await json('h');
    t.is(tried.goesOn, goesOn);
    t.regex(tried.verdict, verdict);
    t.is(exitCode, goesOn ? 0 : 1);
  });
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  test(`${signal} ends the script and all that it has started, and leaves nothing`, async t => {
    const { folder, script, start, nothingLeft } = await setUpTry(t);
    const started = join(folder, 'started');
    await script('h/before_vm_start/50_x', sh('setsid sleep 600 &', `: > '${started}'`, 'sleep 600'));
    const running = start('h');
    while (!existsSync(started)) {
      await sleep(50);
    }
    running.kill(signal);
    t.is((await running).exitCode, 130);
    await nothingLeft();
  });
}
