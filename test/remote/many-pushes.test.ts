import { fileURLToPath } from 'node:url';
import test from 'ava';
import { execa } from 'execa';
import { serverFor } from './faults.ts';

const HOSTS = 50;
// Of every script so much has come before the host lets the others go, too.
const UNDER_WAY = 1024 * 1024;

test('50 hosts at once with the largest RPM need less than 700 MiB, and 256 MiB of heap suffice', async t => {
  let underWay = 0;
  const drops: (() => void)[] = [];
  const server = await serverFor(t, {
    exec({ channel, drop }) {
      drops.push(drop);
      let bytes = 0;
      channel.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes >= UNDER_WAY) {
          channel.pause();
          underWay += 1;
          if (underWay === HOSTS) {
            for (const each of drops) {
              each();
            }
          }
        }
      });
    },
  });
  const [key] = server.hostKeys;
  const known = `[127.0.0.1]:${server.port} ${key?.type} ${key?.getPublicSSH().toString('base64')}`;
  const program = fileURLToPath(new URL('many-pushes.ts', import.meta.url));
  const { stdout, stderr, exitCode } = await execa(
    process.execPath,
    ['--max-old-space-size=256', '--import=tsx', program, String(server.port), known, String(HOSTS)],
    { timeout: 40_000, reject: false },
  );
  t.is(stderr, '');
  t.is(exitCode, 0);
  const { ends, mebibytes } = JSON.parse(stdout);
  t.deepEqual(ends, ['connection-lost'], 'each was lost in the middle of its script');
  t.log(`${mebibytes} MiB`);
  t.true(mebibytes < 700, `${mebibytes} MiB`);
});
