import test from 'ava';
import { HostError } from '../../src/core/failure.ts';
import type { Host } from '../../src/core/host.ts';
import type { Session } from '../../src/remote/script/session.ts';
import { run } from '../../src/run/run.ts';
import { sessionPool } from '../../src/run/sessions.ts';
import { fakeFleet, host, REQUEST } from './fake-fleet.ts';

/** Connections that only count themselves. */
function counted() {
  const open = new Set<string>();
  const stopped: string[] = [];
  let made = 0;
  const connect = async ({ name }: Host): Promise<Session> => {
    made += 1;
    open.add(name);
    return {
      run: async () => [],
      close: () => open.delete(name),
      stop: async () => {
        stopped.push(name);
      },
    };
  };
  return { open, stopped, connect, made: () => made };
}

const hosts = ['a', 'b', 'c', 'd'].map(host);

test('no more connections wait for a later play than there is room for; the others are made anew', async t => {
  const { open, connect, made } = counted();
  const pool = sessionPool([{ hosts }, { hosts }], connect, 2);
  for (const one of hosts) {
    await pool.get(one);
    pool.release(one, 0);
  }
  t.deepEqual([...open], ['a', 'b']);
  for (const one of hosts) {
    await pool.get(one);
    pool.release(one, 1);
  }
  t.is(open.size, 0);
  t.is(made(), 6);
});

test('a connection that no later play needs does not wait', async t => {
  const { open, connect } = counted();
  const pool = sessionPool([{ hosts }, { hosts: [host('a')] }], connect, 9);
  await pool.get(host('b'));
  pool.release(host('b'), 0);
  t.is(open.size, 0);
});

test('stopped: busy hosts are told to end what runs, waiting ones are closed, attempts end, no new one begins', async t => {
  const { open, stopped, connect } = counted();
  const attempts: AbortSignal[] = [];
  const slow = async (one: Host, signal: AbortSignal): Promise<Session> => {
    if (one.name !== 'c') {
      return connect(one);
    }
    attempts.push(signal);
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  };
  const pool = sessionPool([{ hosts }, { hosts }], slow, 9);
  await pool.get(host('a'));
  await pool.get(host('b'));
  pool.release(host('b'), 0);
  const attempt = pool.get(host('c'));
  await pool.stop();
  await t.throwsAsync(attempt, { any: true });
  await t.throwsAsync(pool.get(host('d')), { any: true });
  t.deepEqual(stopped, ['a']);
  t.false(open.has('b'));
  t.is(attempts.length, 1);
});

test('the signal of an attempt means nothing once the host is reached', async t => {
  const { connect } = counted();
  const signals: AbortSignal[] = [];
  const pool = sessionPool(
    [{ hosts }],
    (one, signal) => {
      signals.push(signal);
      return connect(one);
    },
    9,
  );
  await pool.get(host('a'));
  await pool.stop();
  t.false(signals[0]?.aborted);
});

/** A fleet whose first connection to each host is lost as soon as it is used a second time. */
function hangingUp(state: string) {
  const fleet = fakeFleet({ a: { state } });
  const uses: number[] = [];
  const connect = async (one: Host, signal: AbortSignal) => {
    const session = await fleet.ports.connect(one, signal);
    const connection = uses.push(0) - 1;
    return {
      ...session,
      async run(...args: Parameters<typeof session.run>) {
        uses[connection] = (uses[connection] ?? 0) + 1;
        if (connection === 0 && uses[0] === 2) {
          throw new HostError('failed', { kind: 'connection-lost', step: 'script', message: 'lost' });
        }
        return session.run(...args);
      },
    };
  };
  return { ...fleet, ports: { ...fleet.ports, connect } };
}

test('a host that hung up while it waited for the next play is reached again', async t => {
  const { ports, play, connections, open } = hangingUp('good');
  const result = await run({ ...REQUEST, plays: [play(), play()] }, ports);
  t.like(result.hosts.get('a'), { outcome: 'ok', error: null });
  t.deepEqual(connections, ['a', 'a']);
  t.is(open.size, 0);
});

test('a connection that is lost in the change itself is not made again', async t => {
  const { ports, play, connections } = hangingUp('bad');
  const result = await run({ ...REQUEST, plays: [play()] }, ports);
  t.like(result.hosts.get('a'), { outcome: 'failed', error: { kind: 'connection-lost' } });
  t.deepEqual(connections, ['a']);
});

test('a second interrupt ends what runs on the busy hosts before the run ends', async t => {
  const { ports, play, stop, abort, stopped } = fakeFleet({ a: { state: 'bad' }, b: { state: 'bad' } });
  const connect = async (one: Host, signal: AbortSignal) => {
    const session = await ports.connect(one, signal);
    let end = (_: HostError) => {};
    const running = new Promise<never>((_, reject) => {
      end = reject;
    });
    return {
      ...session,
      run: () => running,
      async stop() {
        await session.stop();
        end(new HostError('failed', { kind: 'connection-lost', step: 'script', message: 'lost' }));
      },
    };
  };
  setTimeout(() => {
    stop.abort();
    abort.abort();
  }, 20);
  const result = await run({ ...REQUEST, forks: 1, plays: [play()] }, { ...ports, connect });
  t.deepEqual(stopped, ['a']);
  t.deepEqual(
    [...result.hosts].map(([name, { outcome }]) => `${name} ${outcome}`),
    ['a cancelled', 'b cancelled'],
  );
  t.true(result.interrupted);
});
