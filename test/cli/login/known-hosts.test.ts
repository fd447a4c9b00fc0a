import test from 'ava';
import { startServer } from '../../remote/embedded-server.ts';
import { setUp } from '../program.ts';

const CHECK = ['check', 'site.yml', '-i', 'hosts.ini', '--known-hosts', 'known', '--json'];

test('--known-hosts names the file that host keys are looked up in; what is not there is unreachable', async t => {
  const { run, write } = await setUp(t);
  const server = await startServer();
  t.teardown(() => server.close());
  await write('hosts.ini', `[hypervisors]\nkvm-01 ansible_host=127.0.0.1 ansible_port=${server.port}\n`);
  const [key] = server.hostKeys;
  const line = `[127.0.0.1]:${server.port} ${key?.type} ${key?.getPublicSSH().toString('base64')}\n`;

  await write('known', '# nobody yet\n');
  const unknown = JSON.parse((await run(...CHECK)).stdout).hosts['kvm-01'].error;
  t.is(unknown.kind, 'host-key-unknown');
  t.regex(unknown.hint, / then: hookfleet trust -i hosts\.ini --known-hosts known$/);

  await write('known', line);
  const reached = JSON.parse((await run(...CHECK)).stdout).hosts['kvm-01'].error;
  t.is(reached.kind, 'authentication', 'its key is good, and there is no identity in this home');

  const { stderr } = await run(...CHECK.slice(0, -1));
  t.true(stderr.includes('Next: hookfleet check site.yml -i hosts.ini --known-hosts known'), stderr);
});

test('a file of --known-hosts that is missing or no file is bad input, and nobody is contacted', async t => {
  const { run, knocks } = await setUp(t);
  const missing = await run(...CHECK);
  t.is(missing.exitCode, 2);
  t.is(
    missing.stderr,
    'known: there is no such known_hosts file\n  To make it: hookfleet trust -i INVENTORY --known-hosts known',
  );
  const folder = await run('check', 'site.yml', '-i', 'hosts.ini', '--known-hosts', '.');
  t.is(folder.exitCode, 2);
  t.regex(folder.stderr, /^\.: cannot be read: EISDIR/);
  t.is(knocks(), 0);
});
