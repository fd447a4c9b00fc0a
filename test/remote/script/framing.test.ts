import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { execa } from 'execa';
import fc from 'fast-check';
import type { Section } from '../../../src/core/section.ts';
import { lines, type Sh, sh } from '../../../src/core/sh.ts';
import { newNonce, scriptText } from '../../../src/remote/script/framing.ts';
import { MarkedStream } from '../../../src/remote/script/marked-stream.ts';
import { feed, SHELLS } from '../shells.ts';

const NONCE = '0123456789abcdef0123456789abcdef';

interface Fragment {
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  readonly exitCode: number;
}

/** Any bytes, and pieces that look like marks. */
const output = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 40 }).map(bytes => Buffer.from(bytes)),
      fc.string({ unit: 'binary', maxLength: 20 }).map(text => Buffer.from(text)),
      fc
        .constantFrom(
          'begin\n',
          'end\n',
          '0\n',
          NONCE,
          NONCE.slice(0, -1),
          `${NONCE.slice(0, -1)} end\n`,
          '\n',
          '\r\n',
        )
        .map(text => Buffer.from(text)),
    ),
    { maxLength: 4 },
  )
  .map(parts => Buffer.concat(parts));

const fragment: fc.Arbitrary<Fragment> = fc.record({
  stdout: output,
  stderr: output,
  exitCode: fc.integer({ min: 0, max: 255 }),
});

function asShell({ stdout, stderr, exitCode }: Fragment): Sh {
  return sh`printf ${octal(stdout)}; printf ${octal(stderr)} >&2; exit ${exitCode}`;
}

function octal(bytes: Buffer): string {
  return [...bytes].map(byte => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}

function read(bytes: Buffer): MarkedStream {
  const stream = new MarkedStream(NONCE, 1e9);
  stream.push(bytes);
  return stream;
}

function sections(stdout: Buffer, stderr: Buffer): Section[] {
  const [out, err] = [read(stdout).pieces, read(stderr).pieces];
  return out.map(({ text, exitCode }, i) => ({ stdout: text, stderr: err[i]?.text ?? 'missing', exitCode }));
}

for (const shell of SHELLS) {
  const name = shell.join(' ');

  test(`under ${name}, each fragment's stdout, stderr and exit code come back exactly`, t => {
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 5 }), fragments => {
        const { stdout, stderr, status } = feed(
          scriptText(fragments.map(asShell), NONCE, { stopAtFailure: false }),
          shell,
        );
        t.is(status, 0);
        t.deepEqual(
          sections(stdout, stderr),
          fragments.map(f => ({ stdout: String(f.stdout), stderr: String(f.stderr), exitCode: f.exitCode })),
        );
        t.true(read(stdout).ended && read(stderr).ended);
      }),
      { numRuns: 60 },
    );
  });

  test(`under ${name}, with stopAtFailure no fragment runs after the first that fails`, t => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0, 0, 0, 1, 77), { maxLength: 6 }), codes => {
        const fragments = codes.map((code, i) => sh`echo ${i}; (exit ${code}); echo ${'went on'}`);
        const { stdout, stderr, status } = feed(scriptText(fragments, NONCE, { stopAtFailure: true }), shell);
        const failed = codes.findIndex(code => code !== 0);
        t.is(status, 0);
        t.true(read(stdout).ended);
        t.deepEqual(
          sections(stdout, stderr),
          codes.slice(0, failed === -1 ? codes.length : failed + 1).map((exitCode, i) => ({
            stdout: exitCode === 0 ? `${i}\nwent on\n` : `${i}\n`,
            stderr: '',
            exitCode,
          })),
        );
      }),
      { numRuns: 40 },
    );
  });

  test(`under ${name}, a fragment harms no other: not by exit, cd, syntax errors, traps, closed or greedy stdin`, t => {
    const fragments = [
      sh`cd /usr; umask 077; PATH=/nowhere; exit 3`,
      sh`if then )`,
      sh`cat; read -r line; echo "read: $line"`,
      sh`exec >/dev/null 2>&1; echo lost`,
      sh`trap 'exit 9' EXIT; set -eu; false`,
      sh`echo 'no newline at the end' # and a comment`,
      sh`cat <<EOF
here-document
EOF`,
      sh`echo backslash \\`,
      sh`exec <&- >&- 2>&-`,
      sh`pwd; umask; echo "$PATH $LC_ALL [$ROOT]"; sh -c 'echo "$ROOT|"'`,
    ];
    const { stdout, stderr } = feed(scriptText(fragments, NONCE, { stopAtFailure: false }), shell);
    const found = sections(stdout, stderr);
    t.deepEqual(
      found.map(({ exitCode }) => exitCode !== 0),
      [true, true, false, false, true, false, false, false, false, false],
    );
    t.deepEqual(
      found.map(section => section.stdout),
      [
        '',
        '',
        'read: \n',
        '',
        '',
        'no newline at the end\n',
        'here-document\n',
        'backslash \\\n',
        '',
        '/\n0022\n/usr/sbin:/usr/bin:/sbin:/bin C []\n|\n',
      ],
    );
    t.regex(found[1]?.stderr ?? '', /syntax error/i);
  });

  test(`under ${name}, what a guard opens stays open until the script ends, and no fragment or what it leaves running has it`, t => {
    const folder = mkdtempSync(join(tmpdir(), 'hookfleet-guard-'));
    t.teardown(() => rmSync(folder, { recursive: true }));
    const lock = join(folder, 'lock');
    const isFree = sh`if flock -n ${lock} true; then echo free; else echo held; fi`;
    const fragments = [
      sh`exec 9<>${lock} && flock -n 9`,
      lines([isFree, sh`if (: >&9) 2>/dev/null; then echo inherited; else echo closed; fi`]),
      sh`sleep 5 >/dev/null 2>&1 & echo $!`,
      isFree,
    ];
    const script = scriptText(fragments, NONCE, { stopAtFailure: true, guarded: true });
    const { stdout, stderr } = feed(script, shell);
    const [guard, first, second, last] = sections(stdout, stderr);
    t.deepEqual(guard, { stdout: '', stderr: '', exitCode: 0 });
    t.is(first?.stdout, 'held\nclosed\n');
    t.is(last?.stdout, 'held\n');
    t.is(String(feed(isFree.text, shell).stdout), 'free\n', 'while the process left behind still runs');
    process.kill(Number(second?.stdout));
  });

  test(`under ${name}, nothing runs behind a guard that failed`, t => {
    const script = scriptText([sh`(echo taken >&2; exit 75)`, sh`echo ran`], NONCE, {
      stopAtFailure: true,
      guarded: true,
    });
    const { stdout, stderr, status } = feed(script, shell);
    t.is(status, 0);
    t.deepEqual(sections(stdout, stderr), [{ stdout: '', stderr: 'taken\n', exitCode: 75 }]);
  });

  // Serial, so that no other test keeps this process from feeding the script in time.
  test.serial(
    `under ${name}, what ignores SIGTERM is killed with its fragment, and nothing runs after it`,
    async t => {
      const folder = mkdtempSync(join(tmpdir(), 'hookfleet-term-'));
      t.teardown(() => rmSync(folder, { recursive: true }));
      const isKilled = async (stopAtFailure: boolean, more: Sh, lock: string) => {
        const stubborn = sh`sh -c 'trap "" TERM; exec 8<>"$1"; flock 8; echo stubborn; sleep 9' sh ${lock}${more}`;
        const script = scriptText([sh`exec 9</`, stubborn, sh`echo after`], NONCE, {
          stopAtFailure,
          guarded: true,
        });
        const { stdout, signal } = await execa('timeout', ['-k', '1', '1', ...shell, '-s'], {
          input: script,
          env: { PATH: '/usr/bin:/bin' },
          extendEnv: false,
          reject: false,
        });
        t.is(signal, 'SIGKILL');
        t.regex(stdout, new RegExp(`^${NONCE} begin \\d+\n${NONCE} 0\nstubborn$`));
        t.is(feed(sh`flock -w 1 ${lock} true`.text, shell).status, 0, 'it is gone, and its lock with it');
      };
      await Promise.all([
        isKilled(true, sh``, join(folder, '1')),
        isKilled(true, sh`; echo after`, join(folder, '2')),
        isKilled(false, sh`; echo after`, join(folder, '3')),
      ]);
    },
  );

  test(`under ${name}, a script that was cut off anywhere runs nothing`, t => {
    const folder = mkdtempSync(join(tmpdir(), 'hookfleet-cut-'));
    t.teardown(() => rmSync(folder, { recursive: true }));
    const witness = join(folder, 'ran');
    const script = Buffer.from(
      scriptText([sh`echo ${'it is'} > ${witness}`, sh`echo "${"it's"} here"; echo x > ${witness}`], NONCE, {
        stopAtFailure: true,
      }),
    );
    const cuts = Array.from({ length: script.length - 1 }, (_, length) => script.subarray(0, length));
    // All of one shell's cuts in one go would be faster, but a shell that stops at the first error would hide the rest.
    for (const cut of cuts.filter((_, length) => length > script.length - 40 || length % 7 === 0)) {
      const { stdout } = feed(cut, shell);
      t.is(String(stdout), '', `after ${cut.length} bytes of ${script.length}`);
    }
    t.throws(() => rmSync(witness), { code: 'ENOENT' });
    t.is(feed(script.subarray(0, -1), shell).status, 0, 'complete but for the last line feed');
    t.notThrows(() => rmSync(witness), 'the whole script leaves its witness');
  });
}

test('every exec has a nonce of its own', t => {
  t.is(new Set(Array.from({ length: 100 }, newNonce)).size, 100);
  t.regex(newNonce(), /^[0-9a-f]{32}$/);
});
