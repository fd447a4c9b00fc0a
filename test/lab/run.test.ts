import { join } from 'node:path';
import test from 'ava';
import { execa } from 'execa';
import { LAB } from './recipe.ts';

/** Runs the entry of `npm run test:lab` where it finds none of the programs that it needs. */
function runWithoutPrograms(env: Readonly<Record<string, string>>) {
  return execa(process.execPath, ['--import=tsx', join(LAB, 'run.ts')], {
    env: { PATH: '/nonexistent', ...env },
    extendEnv: false,
    reject: false,
  });
}

test('without its programs the lab says loudly what is left out and how to get it, and ends well', async t => {
  const { exitCode, stderr } = await runWithoutPrograms({});
  t.is(exitCode, 0);
  t.regex(stderr, /THE TESTS ON REAL HOSTS ARE LEFT OUT: test\/lab\n/);
  t.regex(stderr, /apt-get install mmdebstrap systemd-container rpm createrepo-c openssh-client/);
});

test('HOOKFLEET_LAB=require makes a failure of that', async t => {
  const { exitCode, stderr } = await runWithoutPrograms({ HOOKFLEET_LAB: 'require' });
  t.is(exitCode, 1);
  t.regex(stderr, /THE TESTS ON REAL HOSTS CANNOT RUN: test\/lab\n/);
});
