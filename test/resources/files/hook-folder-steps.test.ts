import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import type { Change } from '../../../src/core/change.ts';
import type { Section } from '../../../src/core/section.ts';
import { readHookFolders } from '../../../src/resources/files/hook-folder-found.ts';
import { hookFolderSteps } from '../../../src/resources/files/hook-folder-steps.ts';
import type { Step } from '../../../src/resources/resource.ts';

const PATH = '/usr/libexec/vdsm/hooks/before_vm_start/50_x';

/** What rpm answers when it is asked for the owner of the file: its words, on stdout and stderr, and its exit code. */
const ANSWERS = {
  owned: ['vdsm-hook-x', '', 0],
  'owned, with a warning': ['vdsm-hook-x', 'warning: Found bdb Packages database', 0],
  'owned by two': ['vdsm-hook-x\nvdsm-hook-x', '', 0],
  unowned: [`file ${PATH} is not owned by any package`, '', 1],
  'unowned, with a warning': [`file ${PATH} is not owned by any package`, 'warning: x', 1],
  'not there': ['', `error: file ${PATH}: No such file or directory`, 1],
  locked: ['', 'error: cannot open Packages database in /var/lib/rpm', 1],
  'broken, and guessing': [`file ${PATH} is not owned by any package`, 'error: rpmdb: damaged header', 1],
  'without a word': ['', '', 0],
  silent: ['', '', 1],
  'another file': [`file ${PATH}.x is not owned by any package`, '', 1],
} as const satisfies Record<string, readonly [string, string, number]>;

type Answer = keyof typeof ANSWERS;

/** Runs the steps of one change, to the first that fails, on a host whose rpm answers so. */
async function host(t: ExecutionContext, action: 'place' | 'remove', answer: Answer) {
  const folder = mkdtempSync(join(tmpdir(), 'hookfleet-folder-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const [root, bin] = [join(folder, 'root'), join(folder, 'bin')];
  mkdirSync(join(root, dirname(PATH)), { recursive: true });
  mkdirSync(bin);
  if (action === 'remove') {
    writeFileSync(join(root, PATH), 'old');
  }
  const [stdout, stderr, exitCode] = ANSWERS[answer];
  const rpm = [
    ...(stdout === '' ? [] : [`echo '${stdout}'`]),
    ...(stderr === '' ? [] : [`echo '${stderr}' >&2`]),
    `exit ${exitCode}`,
  ];
  for (const [name, text] of Object.entries({ rpm: rpm.join('\n'), chown: ':' })) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  const replies: { step: Step; reply: Section }[] = [];
  for (const step of steps(action)) {
    const { stdout, stderr, exitCode } = await execa('sh', ['-es'], {
      input: step.script.text,
      cwd: root,
      env: { ROOT: root, PATH: `${bin}:/usr/bin:/bin`, LC_ALL: 'C' },
      extendEnv: false,
      reject: false,
    });
    replies.push({ step, reply: { stdout, stderr, exitCode: exitCode ?? -1 } });
    if (exitCode !== 0) {
      break;
    }
  }
  const made = replies.flatMap(({ step, reply }) =>
    reply.exitCode === 0 ? (step.made?.(reply) ?? step.changes) : [],
  );
  return { made, last: replies.at(-1)?.reply, isThere: existsSync(join(root, PATH)) };
}

function steps(action: 'place' | 'remove'): Step[] {
  const change: Change = { resource: 'vdsm-hook', id: `x ${PATH}`, action, before: null, after: null };
  const file = { event: 'before_vm_start', name: '50_x', mode: 0o755, base64: '', programs: [] };
  const sha256 = '0'.repeat(64);
  const nothing = readHookFolders({ stdout: '', stderr: '', exitCode: 0 });
  const placed = { path: PATH, sha256, hook: 'x', playbook: 'site.yml' };
  return hookFolderSteps(
    [change],
    {
      playbook: 'site.yml',
      hooks: action === 'place' ? [{ name: 'x', state: 'present', files: [{ ...file, sha256 }] }] : [],
      namedElsewhere: [],
      unmanaged: 'remove',
      namedOnly: false,
    },
    { ...nothing, placed: new Map(action === 'remove' ? [[PATH, placed]] : []) },
  );
}

for (const answer of ['unowned', 'unowned, with a warning', 'not there'] as const) {
  test(`a file that no package owns is placed and removed: ${answer}`, async t => {
    const placing = await host(t, 'place', answer);
    t.true(placing.isThere, placing.last?.stderr);
    t.is(placing.made.length, 1);
    const removing = await host(t, 'remove', answer);
    t.false(removing.isThere, removing.last?.stderr);
    t.is(removing.made.length, 1);
  });
}

for (const answer of ['owned', 'owned, with a warning', 'owned by two'] as const) {
  test(`a file of a package is neither placed nor removed, and not told as removed: ${answer}`, async t => {
    const placing = await host(t, 'place', answer);
    t.false(placing.isThere);
    t.regex(placing.last?.stderr ?? '', /^the package vdsm-hook-x( vdsm-hook-x)? owns it$/);
    const removing = await host(t, 'remove', answer);
    t.true(removing.isThere);
    t.is(removing.last?.exitCode, 0);
    t.deepEqual(removing.made, []);
  });
}

for (const answer of [
  'locked',
  'broken, and guessing',
  'silent',
  'without a word',
  'another file',
] as const) {
  test(`where rpm cannot tell who owns a file, it is left alone and the step fails: ${answer}`, async t => {
    const placing = await host(t, 'place', answer);
    t.false(placing.isThere);
    t.is(placing.last?.exitCode, 1);
    t.deepEqual(placing.made, []);
    const removing = await host(t, 'remove', answer);
    t.true(removing.isThere);
    t.is(removing.last?.exitCode, 1);
    t.deepEqual(removing.made, []);
    t.is(removing.last?.stderr, ANSWERS[answer].slice(0, 2).filter(Boolean).join('\n'));
  });
}
