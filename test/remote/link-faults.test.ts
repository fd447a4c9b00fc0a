import test from 'ava';
import { sh } from '../../src/core/sh.ts';
import { type ExecHandler, faultAfter } from './embedded-server.ts';
import { isFault } from './fault-cases.ts';
import { hostError, PLAIN, serverFor, sessionFor } from './faults.ts';

const FLOOD = sh`head -c 18000000 /dev/zero | tr '\0' x`;

test('a connection that breaks is never success, after each byte of the reply', async t => {
  const fragments = [sh`echo one`, sh`echo two`];
  let handler: ExecHandler = () => {};
  const server = await serverFor(t, { exec: request => handler(request) });
  for (let bytes = 1, ended = false; !ended; bytes += 1) {
    let sent = '';
    handler = faultAfter(bytes, ({ drop }, part) => {
      sent = part.toString();
      drop();
    });
    const session = await sessionFor(t, server);
    const seen: string[] = [];
    const options = { ...PLAIN, onSection: (_: number, { stdout }: { stdout: string }) => seen.push(stdout) };
    const error = await hostError(t, session.run(fragments, options));
    const marks = sent.match(/^[0-9a-f]{32} (?:shell|begin \d+|\d+|end)\n/gm) ?? [];
    ended = / end\n$/.test(sent);
    t.is(error.outcome, marks.length === 0 ? 'unreachable' : 'failed', `after ${bytes} bytes`);
    t.is(error.failure.kind, 'connection-lost', `after ${bytes} bytes`);
    if (marks.length === 0) {
      isFault(t, 'lost-early', error);
    } else if (marks.length === 2 || marks.length === 3) {
      isFault(t, 'lost', error);
      t.true(error.failure.message.includes(`in part ${marks.length - 1} of 2`), `after ${bytes} bytes`);
    }
    t.true(seen.length <= Math.max(0, marks.length - 2), `after ${bytes} bytes`);
  }
});

test('a channel that closes without an exit code is a lost connection', async t => {
  const server = await serverFor(t, { exec: faultAfter(90, ({ channel }) => channel.close()) });
  const session = await sessionFor(t, server);
  isFault(t, 'lost', await hostError(t, session.run([sh`echo ${'x'.repeat(90)}`], PLAIN)));
});

test('a link that goes dead is found out by keepalives', async t => {
  const server = await serverFor(t, { exec: faultAfter(90, ({ freeze }) => freeze()) });
  const session = await sessionFor(t, server, server.host(), { keepaliveMs: 50 });
  isFault(t, 'frozen', await hostError(t, session.run([sh`echo ${'x'.repeat(90)}`], PLAIN)));
});

test('more than 16 MiB of stdout is an error', async t => {
  const session = await sessionFor(t, await serverFor(t));
  isFault(t, 'stdout-flood', await hostError(t, session.run([FLOOD, sh`echo after`], PLAIN)));
});

test('[stderr-flood] of more than 16 MiB of stderr the rest is dropped; it is read to the end', async t => {
  const session = await sessionFor(t, await serverFor(t));
  const [first, second] = await session.run([sh`{ ${FLOOD}; } >&2`, sh`echo after`], PLAIN);
  t.is(first?.stderr.length, 16 * 1024 * 1024);
  t.is(second?.stdout, 'after\n');
});

test('a script that can start no more processes says so', async t => {
  const server = await serverFor(t);
  const session = await sessionFor(t, server, server.host('ops'));
  const fragments = [sh`:`, sh`echo 'sh: 1: Cannot fork' >&2; kill -TERM $$; sleep 5`];
  isFault(t, 'process-limit-later', await hostError(t, session.run(fragments, PLAIN)));
});
