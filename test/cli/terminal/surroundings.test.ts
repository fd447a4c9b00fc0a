import { join } from 'node:path';
import test from 'ava';
import { execa } from 'execa';
import { BIN, setUp } from '../program.ts';

test('a current folder that is gone is told, and no stack trace', async t => {
  const { folder } = await setUp(t);
  const gone = join(folder, 'gone');
  const script = 'mkdir "$0" && cd "$0" && rmdir "$0" && exec "$1" "$2" check site.yml -i hosts.ini';
  const { stdout, stderr, exitCode } = await execa('sh', ['-c', script, gone, process.execPath, BIN], {
    reject: false,
  });
  t.is(exitCode, 2);
  t.is(stdout, '');
  t.is(stderr, 'the current folder is gone\n  Change to another one: cd ~');
});

test('an empty HOME does not make the current folder the home', async t => {
  const { folder, write } = await setUp(t);
  await write('.config', '');
  const { stderr } = await execa(process.execPath, [BIN, 'inventory', '--graph', '-i', 'hosts.ini'], {
    cwd: folder,
    env: { HOME: '', XDG_CONFIG_HOME: '' },
    reject: false,
  });
  t.is(stderr, '');
});
