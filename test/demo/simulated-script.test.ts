import test from 'ava';
import { sh } from '../../src/core/sh.ts';
import { simulatedScript } from '../../src/demo/simulated-script.ts';
import { HOST_FOLDERS, newNonce, scriptText } from '../../src/remote/script/framing.ts';

const FOLDERS = { root: '/tmp/demo/hosts/hv-01', path: '/tmp/demo/bin:/usr/bin:/bin' };

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
