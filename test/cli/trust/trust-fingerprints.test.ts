import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { execa } from 'execa';
import { parseFingerprints, readFingerprints } from '../../../src/cli/trust/trust-fingerprints.ts';
import { InputError } from '../../../src/core/input-error.ts';

const A = `SHA256:${'a'.repeat(43)}`;
const B = `SHA256:${'B'.repeat(43)}`;

for (const [line, fingerprint, names, accepted] of [
  [A, A, ['h1'], true],
  [A, B, ['h1'], false],
  [`${A}=`, A, ['h1'], true],
  [`  ${A}\t# from the console\r`, A, ['h1'], true],
  [`256 ${A} root@h2 (ED25519)`, A, ['h1'], true],
  [`3072 ${A} no comment (RSA)`, A, ['h1'], true],
  [`h1 ${A}`, A, ['h1'], true],
  [`H1 ${A}`, A, ['h1', '10.0.0.1'], true],
  [`10.0.0.1 ${A} the first rack`, A, ['h1', '10.0.0.1'], true],
  [`[10.0.0.1]:2222 ${A}`, A, ['h1', '[10.0.0.1]:2222'], true],
  [`h1,h2 ${A}`, A, ['h2'], true],
  [`h1 ${A}`, A, ['h2'], false],
] as const) {
  test(`"${line.trim()}" ${accepted ? 'accepts' : 'does not accept'} ${fingerprint.slice(0, 9)}… of ${names.join(', ')}`, t => {
    t.is(parseFingerprints(`# a comment\n\n${line}\n`, 'f').accept(fingerprint, names), accepted);
  });
}

for (const [what, text, message] of [
  ['a line that is none', `${A}\nhello world\n`, /^f:2: this is no fingerprint\n.*Lines are/],
  ['one that is cut off', `${A.slice(0, -1)}\n`, /^f:1: this is no fingerprint/],
  ['MD5', '256 MD5:00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff x (RSA)\n', /^f:1: an MD5 .*\n.*sha256/],
  ['a whole key', 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ\n', /^f:1: this is no fingerprint/],
  ['nothing', '# to do\n', /^f: there is no fingerprint in it/],
] as const) {
  test(`a file with ${what} is bad input`, t => {
    const error = t.throws(() => parseFingerprints(text, 'f'), { instanceOf: InputError });
    t.regex(error?.message ?? '', message);
  });
}

test('a file that is not there is bad input', async t => {
  await t.throwsAsync(readFingerprints('/nowhere/at/all'), { message: /there is no such file/ });
});

test('what ssh-keygen -lf prints is taken as it is', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-fingerprints-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const lines = await Promise.all(
    ['ed25519', 'ecdsa', 'rsa'].map(async type => {
      const file = join(folder, type);
      await execa('ssh-keygen', ['-q', '-t', type, '-N', '', '-C', 'two words', '-f', file]);
      return (await execa('ssh-keygen', ['-lf', `${file}.pub`])).stdout;
    }),
  );
  const parsed = parseFingerprints(lines.join('\n'), 'f');
  for (const line of lines) {
    t.true(parsed.accept(line.split(' ')[1] ?? '', ['any']), line);
  }
});
