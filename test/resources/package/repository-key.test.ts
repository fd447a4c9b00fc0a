import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import {
  type KeyPlan,
  keyStep,
  type SignedRepository,
} from '../../../src/resources/package/repository-key.ts';

const FINGERPRINT = 'D94B7A703E9417654F2C941FA3AA3B161C6D1219';
const REPOSITORY: SignedRepository = {
  id: 'site',
  state: 'present',
  baseurl: ['https://x/'],
  key: { from: 'url', url: 'https://x/KEY', fingerprints: [FINGERPRINT] },
};

/** Runs the step under a real sh, with these programs in front; each leaves its arguments in a file of its name. */
async function run(t: ExecutionContext, plan: Partial<KeyPlan>, programs: Record<string, string>) {
  const folder = mkdtempSync(join(tmpdir(), 'hookfleet-key-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'root/run'), { recursive: true });
  mkdirSync(join(folder, 'bin'));
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(folder, 'bin', name), `#!/bin/sh\necho "$*" >>'${folder}/${name}'\n${text}\n`);
    chmodSync(join(folder, 'bin', name), 0o755);
  }
  const step = keyStep(REPOSITORY, { place: false, outdated: [], changes: [], ...plan });
  const {
    stdout,
    stderr,
    exitCode = -1,
  } = await execa('sh', ['-es'], {
    input: step.script.text,
    cwd: join(folder, 'root'),
    env: { ROOT: join(folder, 'root'), PATH: `${join(folder, 'bin')}:/usr/bin:/bin` },
    extendEnv: false,
    reject: false,
  });
  return {
    exitCode,
    explanation: step.explain?.({ stdout, stderr, exitCode }),
    calls: (name: string) => readFileSync(join(folder, name), 'utf8').split('\n').slice(0, -1),
  };
}

test('curl is told to read no settings of root’s own, before all else', async t => {
  const { calls, explanation } = await run(
    t,
    { place: true },
    {
      gpg: ':',
      gpgconf: ':',
      curl: "echo 'curl: (22) no such key' >&2; exit 22",
    },
  );
  t.regex(calls('curl')[0] ?? '', /^-q /);
  t.regex(explanation?.message ?? '', /cannot be fetched from https:\/\/x\/KEY: no such key/);
});

const REFUSING = { rpm: 'case $1 in --import) exit 3 ;; esac' };

test('a key that rpm does not take after the older copy has gone is told as such', async t => {
  const { exitCode, calls, explanation } = await run(t, { outdated: ['gpg-pubkey-1-2'] }, REFUSING);
  t.not(exitCode, 0);
  t.regex(calls('rpm')[0] ?? '', /^-e .*gpg-pubkey-1-2$/);
  t.regex(explanation?.message ?? '', /the older copy is gone from its database: it trusts neither now$/);
});

test('of one that rpm does not take while there was no older copy, rpm’s own words tell', async t => {
  const { exitCode, explanation } = await run(t, {}, REFUSING);
  t.is(exitCode, 3);
  t.is(explanation, undefined);
});
