import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Section } from '../../../src/core/section.ts';
import {
  engineLockStep,
  isLeftBehind,
  LOCK_LOOK,
  lockHolder,
  readLock,
  releaseLock,
} from '../../../src/resources/engine/engine-lock.ts';

const ANA = { id: '20261120T100000Z-aaaa', holder: 'ana@ops1, process 7' };
const BEN = { id: '20261120T100001Z-bbbb', holder: 'ben@ops2, process 8' };
const LOCK = 'var/lib/hookfleet/engine.lock';

class Host {
  readonly folder = mkdtempSync(join(tmpdir(), 'hookfleet-engine-lock-'));
  readonly #t: ExecutionContext;

  constructor(t: ExecutionContext) {
    this.#t = t;
    t.teardown(() => rmSync(this.folder, { recursive: true }));
    mkdirSync(join(this.folder, 'run'));
    mkdirSync(join(this.folder, 'var/lib'), { recursive: true });
    symlinkSync('/proc', join(this.folder, 'proc'));
    // A process is known by its name, and what a shell is called is up to its file.
    copyFileSync('/bin/sh', join(this.folder, 'sshd'));
  }

  /** A connection, that is a process called sshd, in which a script runs; it stays open until it is ended. */
  connection(script: string, program = './sshd'): ChildProcess {
    // Two commands, so that the shell does not become the other one.
    const child = spawn(program, ['-c', 'sh -e; echo "ended $?"; read -r end'], {
      cwd: this.folder,
      env: { PATH: process.env.PATH, ROOT: this.folder },
    });
    this.#t.teardown(() => child.kill('SIGKILL'));
    child.stdin.write(`${script}\nexit 0\n`);
    return child;
  }

  async take(run: typeof ANA, waitSeconds = 0, program?: string) {
    const step = engineLockStep(run, waitSeconds);
    const { child, reply } = await this.#end(step.script.text, program);
    const made = reply.exitCode === 0 ? (step.made?.(reply) ?? []) : [];
    return { child, exitCode: reply.exitCode, made, explained: step.explain?.(reply) };
  }

  async look() {
    return readLock((await this.#end(LOCK_LOOK.text)).reply.stdout);
  }

  async release(run: string): Promise<void> {
    await this.#end(releaseLock(run).text);
  }

  async #end(script: string, program?: string): Promise<{ child: ChildProcess; reply: Section }> {
    const child = this.connection(`(\n${script}\n)`, program);
    let stdout = '';
    for await (const chunk of child.stdout ?? []) {
      stdout += chunk;
      const [, exitCode] = /^ended (\d+)$/m.exec(stdout) ?? [];
      if (exitCode !== undefined) {
        return {
          child,
          reply: { stdout: stdout.replace(/^ended \d+\n/m, ''), stderr: '', exitCode: Number(exitCode) },
        };
      }
    }
    throw new Error(`The script did not end: ${stdout}`);
  }

  write(fields: Readonly<Record<string, string>>): void {
    mkdirSync(join(this.folder, 'var/lib/hookfleet'), { recursive: true });
    const text = Object.entries(fields).map(([name, value]) => `${name}=${value}\n`);
    writeFileSync(join(this.folder, LOCK), text.join(''));
  }

  left(): string[] {
    return readdirSync(join(this.folder, 'var/lib/hookfleet'));
  }
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

test('a lock that is free is taken, says who has it, and is given back by the same run alone', async t => {
  const host = new Host(t);
  t.is(await host.look(), null);
  t.is((await host.take({ ...ANA, holder: 'ana@ops1,\n$(id) process 7' })).exitCode, 0);
  t.deepEqual(host.left(), ['engine.lock']);
  const found = await host.look();
  t.like(found, { state: 'alive', holder: 'ana@ops1, $(id) process 7', run: ANA.id });
  t.regex(found?.since ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  await host.release(BEN.id);
  t.true(existsSync(join(host.folder, LOCK)));
  await host.release(ANA.id);
  t.deepEqual(host.left(), []);
});

test('one whose connection is open is waited for, then it is named with what can be done', async t => {
  const host = new Host(t);
  await host.take(ANA);
  const began = performance.now();
  const { exitCode, explained } = await host.take(BEN, 1);
  t.true(performance.now() - began >= 900);
  t.is(exitCode, 80);
  t.regex(
    explained?.message ?? '',
    /^The engine is locked by ana@ops1, process 7 \(run 20261120T100000Z-aaaa, since .*Z\): its connection to the host is open$/,
  );
  t.regex(explained?.hint ?? '', /--lock-wait.*hookfleet lock release/);
  t.deepEqual(host.left(), ['engine.lock']);
  t.is((await host.look())?.run, ANA.id);
});

test('who waits gets it as soon as it is given back', async t => {
  const host = new Host(t);
  await host.take(ANA);
  const waiting = host.take(BEN, 60);
  await host.release(ANA.id);
  t.is((await waiting).exitCode, 0);
  t.is((await host.look())?.run, BEN.id);
});

test('one whose connection is gone loses it, and whoever takes it over names it', async t => {
  const host = new Host(t);
  const { child } = await host.take(ANA);
  await end(child);
  t.is((await host.look())?.state, 'gone');
  const { exitCode, made } = await host.take(BEN);
  t.is(exitCode, 0);
  t.is(made.length, 1);
  t.regex(
    made[0]?.before ?? '',
    /^left by ana@ops1, process 7 \(run .*\): its connection is gone, and nothing of it runs/,
  );
  t.like(await host.look(), { run: BEN.id, state: 'alive' });
  t.deepEqual(host.left(), ['engine.lock']);
});

test('as long as its last step runs, a lock without a connection is not free', async t => {
  const host = new Host(t);
  const { child } = await host.take(ANA);
  await end(child);
  const step = spawn('flock', ['run/hookfleet.lock', 'sh', '-c', 'echo begun; read -r end'], {
    cwd: host.folder,
  });
  t.teardown(() => step.kill('SIGKILL'));
  await once(step.stdout, 'data');
  const found = await host.look();
  t.is(found?.state, 'ending');
  t.true(found !== null && isLeftBehind(found));
  step.stdin.end();
  await once(step, 'exit');
  t.is((await host.look())?.state, 'gone');
});

test('a lock from before a reboot is told as that', async t => {
  const host = new Host(t);
  host.write({ holder: 'ana@ops1', run: ANA.id, since: 'S', boot: 'another', session: `${process.pid} 1` });
  t.is((await host.look())?.state, 'rebooted');
  const { exitCode, made } = await host.take(BEN);
  t.is(exitCode, 0);
  t.regex(made[0]?.before ?? '', /the host was started anew since$/);
});

test('a process of the same number that was started later is not the holder', async t => {
  const host = new Host(t);
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  host.write({ holder: 'ana@ops1', run: ANA.id, since: 'S', boot, session: `${process.pid} 1` });
  t.is((await host.look())?.state, 'gone');
});

test('one of whom nothing can be told is never robbed', async t => {
  const host = new Host(t);
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  host.write({ holder: 'ana@ops1', run: ANA.id, since: 'S', boot, session: '' });
  t.is((await host.look())?.state, 'unknown');
  const { exitCode, explained } = await host.take(BEN);
  t.is(exitCode, 80);
  t.regex(explained?.message ?? '', /cannot be told on the host$/);
  // A host that has no processes to look at leaves such a lock.
  rmSync(join(host.folder, LOCK));
  rmSync(join(host.folder, 'proc'));
  await host.take(ANA);
  t.is((await host.look())?.state, 'unknown');
});

/** Takes the lock in a script that came by SSH, and whose parent is process 77: of that name, or 1 where it is gone. */
async function takeBelow(host: Host, server: string | undefined): Promise<number> {
  const proc = join(host.folder, 'proc');
  rmSync(proc);
  const zeros = '0 '.repeat(17);
  const boot = join(proc, 'sys/kernel/random');
  const script = `mkdir -p ${proc}/$$ ${proc}/77 ${boot}; echo boot >${boot}/boot_id
printf 'SSH_CONNECTION=x' >${proc}/$$/environ; echo sh >${proc}/$$/comm
echo "$$ (sh) S ${server === undefined ? 1 : 77} ${zeros}5" >${proc}/$$/stat
echo ${server ?? 'none'} >${proc}/77/comm; : >${proc}/77/environ
echo '77 (a b) S 1 ${zeros}4' >${proc}/77/stat
(
${engineLockStep(ANA, 0).script.text}
)`;
  const child = spawn('sh', ['-ec', script], {
    cwd: host.folder,
    env: { PATH: process.env.PATH, ROOT: host.folder },
  });
  const [exitCode] = await once(child, 'exit');
  return Number(exitCode);
}

test('a script whose connection is gone takes no lock: nobody would give it back', async t => {
  const host = new Host(t);
  t.is(await takeBelow(host, undefined), 1);
  t.false(existsSync(join(host.folder, LOCK)));
});

test('the lock names the sshd of the connection', async t => {
  const host = new Host(t);
  t.is(await takeBelow(host, 'sshd'), 0);
  t.regex(readFileSync(join(host.folder, LOCK), 'utf8'), /^session=77 4$/m);
});

test('below another SSH server the lock is taken as well, and nobody is told by', async t => {
  const host = new Host(t);
  t.is(await takeBelow(host, 'teleport'), 0);
  t.regex(readFileSync(join(host.folder, LOCK), 'utf8'), /^session=$/m);
});

test('on its own machine hookfleet itself is what tells, whatever login stands above it or has gone', async t => {
  const host = new Host(t);
  // Lives as long as its stdin is open.
  const hookfleet = spawn('sh', ['-c', 'read -r end']);
  t.teardown(() => hookfleet.kill('SIGKILL'));
  const { text } = engineLockStep(ANA, 0).script;
  const take = async (program: string) => {
    const script = spawn(program, ['-ec', `(\n${text}\n)`], {
      cwd: host.folder,
      env: {
        PATH: process.env.PATH,
        ROOT: host.folder,
        SSH_CONNECTION: '192.0.2.1 5 192.0.2.2 22',
        HOOKFLEET_PROCESS: String(hookfleet.pid),
      },
    });
    const [exitCode] = await once(script, 'exit');
    return exitCode;
  };
  t.is(await take('sh'), 0);
  t.is((await host.look())?.state, 'alive');
  await end(hookfleet);
  t.is((await host.look())?.state, 'gone');
  rmSync(join(host.folder, LOCK));
  t.is(await take('sh'), 1, 'nobody would give it back');
});

test('an empty or damaged file is a lock all the same', async t => {
  const host = new Host(t);
  host.write({});
  const found = await host.look();
  t.is(found && lockHolder(found), 'somebody unknown');
  t.is(found?.state, 'rebooted');
});

test('of many at once exactly one gets it', async t => {
  const host = new Host(t);
  mkdirSync(join(host.folder, 'var/lib/hookfleet'));
  const ends = await Promise.all(
    Array.from({ length: 12 }, (_, i) => host.take({ id: `r${i}`, holder: `operator ${i}` })),
  );
  t.is(ends.filter(({ exitCode }) => exitCode === 0).length, 1);
  const winner = ends.findIndex(({ exitCode }) => exitCode === 0);
  t.is((await host.look())?.run, `r${winner}`);
});
