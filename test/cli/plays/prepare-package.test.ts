import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { preparePlay } from '../../../src/cli/plays/prepare-play.ts';
import { formatProblem, InputError } from '../../../src/core/input-error.ts';
import { parsePlaybook } from '../../../src/playbook/playbook.ts';
import { rpm } from '../../resources/rpm-bytes.ts';

/** A playbook of one play beside two packages, `vdsm-hook-foo` and `bar`; gives what is wrong with it. */
async function problemsOf(t: ExecutionContext, play: string): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-rpm-'));
  t.teardown(() => rm(folder, { recursive: true }));
  for (const name of ['vdsm-hook-foo', 'bar']) {
    const tags = [
      [1000, name],
      [1001, '1'],
      [1002, '1'],
      [1022, 'noarch'],
      [1044, 'x.src.rpm'],
    ] as const;
    await writeFile(join(folder, `${name}.rpm`), rpm(tags));
  }
  const playbook = parsePlaybook(`- hosts: all\n  become: true\n${play}`, join(folder, 'site.yml'));
  const [first] = playbook.plays;
  try {
    if (first) {
      await preparePlay(first, playbook, { dnfLockWaitSeconds: 60, namedOnly: false });
    }
    return [];
  } catch (error) {
    if (!(error instanceof InputError)) {
      throw error;
    }
    return error.problems.map(problem => formatProblem(problem).replaceAll(`${folder}/`, ''));
  }
}

test('a package has the name that stands in its file, or it is refused where the file is named', async t => {
  t.deepEqual(await problemsOf(t, '  packages: [{ name: bar, rpm: bar.rpm }]\n'), []);
  const [problem, ...more] = await problemsOf(t, '  packages: [{ name: bar, rpm: vdsm-hook-foo.rpm }]\n');
  t.regex(
    problem ?? '',
    /^site\.yml:3:\d+: vdsm-hook-foo\.rpm is the package vdsm-hook-foo, not bar\n.*name: vdsm-hook-foo/,
  );
  t.deepEqual(more, []);
});

test('a hook from a file may be called as the playbook likes', async t => {
  t.deepEqual(await problemsOf(t, '  vdsm_hooks: [{ name: ours, rpm: vdsm-hook-foo.rpm }]\n'), []);
});

test('two entries of a play that turn out to be one package are refused', async t => {
  for (const [other, line] of [
    ['  packages: [vdsm-hook-foo]\n', 3],
    ['  vdsm_hooks:\n    - vdsm-hook-foo\n', 4],
    ['  vdsm_hooks:\n    - { name: other, rpm: vdsm-hook-foo.rpm }\n', 4],
  ] as const) {
    const hooks = other.includes('vdsm_hooks') ? '' : '  vdsm_hooks:\n';
    const problems = await problemsOf(t, `${other}${hooks}    - { name: ours, rpm: vdsm-hook-foo.rpm }\n`);
    t.is(problems.length, 1);
    t.regex(
      problems[0] ?? '',
      new RegExp(`^site\\.yml:5:\\d+: "ours" is the package vdsm-hook-foo, which line ${line} names too`),
    );
  }
});
