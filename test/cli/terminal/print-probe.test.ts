import test from 'ava';
import { execa } from 'execa';
import { setUp } from '../program.ts';

test('check --print-probe prints a script that sh can run, and contacts nobody', async t => {
  const { run, knocks } = await setUp(t);
  const { stdout, stderr, exitCode } = await run('check', 'site.yml', '-i', 'hosts.ini', '--print-probe');
  t.is(exitCode, 0);
  t.is(stderr, '');
  t.is(knocks(), 0);
  const ran = await execa('sh', ['-s'], { input: stdout });
  const [mark] = ran.stdout.split(/ begin \d+\n/);
  t.regex(mark ?? '', /^[0-9a-f]{32}$/);
  t.true(ran.stdout.endsWith(`${mark} end`), ran.stdout);
});
