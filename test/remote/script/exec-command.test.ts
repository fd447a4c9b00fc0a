import { execFileSync } from 'node:child_process';
import test from 'ava';
import fc from 'fast-check';
import { Secret } from '../../../src/core/secret.ts';
import { sh } from '../../../src/core/sh.ts';
import { planExec, readPlainCommand } from '../../../src/remote/script/exec-command.ts';
import { framed, newNonce } from '../../../src/remote/script/framing.ts';
import { sudoersRule } from '../../../src/remote/script/sudo.ts';

const PLAIN = { sudo: false, password: undefined, timeoutSeconds: 30 };
const ENDED = Promise.resolve('ended' as const);
const NONCE = newNonce();

function decoded(command: string): string {
  return Buffer.from(/echo (\S+) \| base64/.exec(command)?.[1] ?? '', 'base64').toString();
}

async function stdinOf(plan: ReturnType<typeof planExec>, answer: 'root' | 'refused'): Promise<string> {
  let text = '';
  for await (const piece of plan.stdin(Promise.resolve(answer)) ?? []) {
    text += piece;
  }
  return text;
}

test('the command is one line that every login shell passes on as it is, whatever the script is', t => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (text, sudo) => {
      const script = framed([sh`echo ${text.replaceAll('\0', '')}`], NONCE, { stopAtFailure: false });
      const { command } = planExec(script, NONCE, { ...PLAIN, sudo });
      t.regex(command, /^exec sh -c 'eval "\$\(echo [A-Za-z0-9+/=]+ \| base64 -d\)"'$/);
    }),
  );
});

test('a short script goes along in the command, a long one by stdin, and no command is longer than 32 KiB', t => {
  for (const sudo of [false, true]) {
    for (let length = 10_000; length < 40_000; length += 1000) {
      const script = framed([sh`echo ${'x'.repeat(length)}`], NONCE, { stopAtFailure: false });
      const plan = planExec(script, NONCE, { ...PLAIN, sudo });
      const stdin = [...((plan.stdin(ENDED) ?? []) as Iterable<string>)].join('');
      t.true(plan.command.length <= 32_768);
      t.is(plan.command.length < 1000, stdin !== '');
      t.is(stdin === '', length <= 23_000, String(length));
    }
  }
});

test('a script with a secret, and one that follows a password, never stands in the command', async t => {
  const secret = framed([sh`echo ${new Secret('hush')}`], NONCE, { stopAtFailure: false });
  const open = framed([sh`echo open`], NONCE, { stopAtFailure: false });
  for (const sudo of [false, true]) {
    const plan = planExec(secret, NONCE, { ...PLAIN, sudo });
    t.false(decoded(plan.command).includes('hush'));
    t.is(await stdinOf(plan, 'root'), `${sudo ? `${NONCE}\n` : ''}${secret.text}`);
  }
  const password = new Secret("pass'word");
  const plan = planExec(open, NONCE, { ...PLAIN, sudo: true, password });
  t.false(/pass'word|echo open/.test(decoded(plan.command)));
  t.is(await stdinOf(plan, 'root'), `pass'word\n${NONCE}\n${open.text}`);
  t.is(await stdinOf(plan, 'refused'), "pass'word\n", 'nothing that sudo could take for another attempt');
  t.is(planExec(open, NONCE, { ...PLAIN, password }).command.length > 500, true, 'no sudo, no password');
});

test('what sudo runs fits the rule that is told, with and without a password, short and long', t => {
  const rule = sudoersRule('ops').replace(/^.*?\/usr\/bin\//, '');
  const glob = rule
    .replaceAll(/[$|;()\\]/g, '\\$&')
    .replaceAll('[0-9]*', '[0-9].*')
    .replaceAll('[0-9a-f]*', '[0-9a-f].*');
  for (const text of ['short', 'x'.repeat(50_000)]) {
    for (const password of [undefined, new Secret('x')]) {
      const script = framed([sh`echo ${text}`], NONCE, { stopAtFailure: false });
      const { command } = planExec(script, NONCE, { sudo: true, password, timeoutSeconds: 300 });
      const words = execFileSync(
        'sh',
        [
          '-c',
          `sudo() { while [ "$1" != timeout ]; do shift; done; echo "$*" >&3; }; exec 3>&1; ${decoded(command).replaceAll('exec sudo', 'sudo')}`,
        ],
        { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
      );
      t.regex(words.split('\n').find(line => line.startsWith('timeout')) ?? words, new RegExp(`^${glob}$`));
    }
  }
});

test('a command for root can be read again; any other is not taken', t => {
  const read = (text: string) => {
    const script = framed([sh`echo ${text}`], NONCE, { stopAtFailure: false });
    const found = readPlainCommand(planExec(script, NONCE, PLAIN).command);
    t.like(found, { nonce: NONCE, timeoutSeconds: 30 });
    t.is(found?.script, text.length > 20_000 ? undefined : script.text);
  };
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), text => read(text.replaceAll('\0', ''))));
  read('x'.repeat(50_000));
  const wrapped = (text: string) =>
    `exec sh -c 'eval "$(echo ${Buffer.from(text).toString('base64')} | base64 -d)"'`;
  const good = decoded(planExec(framed([], NONCE, { stopAtFailure: false }), NONCE, PLAIN).command);
  t.truthy(readPlainCommand(wrapped(good)));
  for (const command of [
    '',
    'sh -s',
    'rm -rf /usr/libexec/vdsm',
    'timeout -k 5 300 sh -s',
    wrapped('rm -rf /'),
    `${wrapped(good)}; rm -rf /`,
    `${wrapped(good)}\nrm -rf /`,
    wrapped(`${good}\nrm -rf /`),
    wrapped(`rm -rf /\n${good}`),
    wrapped(good.replace('exec timeout', 'rm -rf /; exec timeout')),
    wrapped(good.replace("-c '", "-c 'rm'$(reboot)'")),
    planExec(framed([], NONCE, { stopAtFailure: false }), NONCE, { ...PLAIN, sudo: true }).command,
  ]) {
    t.is(readPlainCommand(command), undefined, command);
  }
});

test('a script without a time limit is refused', t => {
  const script = framed([], NONCE, { stopAtFailure: false });
  t.throws(() => planExec(script, NONCE, { ...PLAIN, timeoutSeconds: 0 }), { instanceOf: RangeError });
  t.throws(() => planExec(script, NONCE, { ...PLAIN, timeoutSeconds: 1.5 }), { instanceOf: RangeError });
});
