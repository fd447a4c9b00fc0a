import test from 'ava';
import { sh } from '../../src/core/sh.ts';
import { simulatedScript, timeLimitOf } from '../../src/demo/simulated-script.ts';
import { execCommand, HOST_FOLDERS, newNonce, scriptText } from '../../src/remote/framing.ts';

const FOLDERS = { root: '/tmp/demo/hosts/hv-01', path: '/tmp/demo/bin:/usr/bin:/bin' };

for (const sudo of [false, true]) {
  test(`hookfleet's own command is known, ${sudo ? 'with' : 'without'} sudo, and its time limit`, t => {
    t.is(timeLimitOf(execCommand({ sudo, timeoutSeconds: 300 })), 300);
  });
}

for (const command of [
  'sh -s',
  'rm -rf /usr/libexec/vdsm',
  'timeout -k 5 300 sh -s; rm -rf /',
  'timeout -k 5 300 sh -s\nrm -rf /',
  'timeout -k 5 $(reboot) sh -s',
  'sudo -n timeout -k 5 300 sh -s',
  '',
]) {
  test(`another command is not taken: ${JSON.stringify(command)}`, t => {
    t.is(timeLimitOf(command), undefined);
  });
}

test('of a script only the line changes that says where the root folder and the programs are', t => {
  const script = scriptText([sh`cat "$ROOT"/etc/hostname`], newNonce(), { stopAtFailure: false });
  const simulated = simulatedScript(script, FOLDERS)?.split('\n') ?? [];
  const lines = script.split('\n');
  t.is(simulated.length, lines.length);
  t.deepEqual(
    simulated.filter((line, i) => line !== lines[i]),
    ['ROOT=/tmp/demo/hosts/hv-01 LC_ALL=C PATH=/tmp/demo/bin:/usr/bin:/bin'],
  );
});

test('a script without that line, or with two of them, is not taken: it could reach files of this machine', t => {
  t.is(simulatedScript('rm -rf /usr/libexec/vdsm\n', FOLDERS), undefined);
  const twice = scriptText(
    [
      sh`:
${HOST_FOLDERS}
rm -rf "$ROOT"/usr`,
    ],
    newNonce(),
    { stopAtFailure: false },
  );
  t.is(simulatedScript(twice, FOLDERS), undefined);
});
