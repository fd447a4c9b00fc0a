/**
 * Opens 200 sessions, some of them on hosts that fail, under one signal; closes them, and is then expected to end by
 * itself. Prints what it saw. Run as a process of its own by sessions-end.test.ts.
 */
import { sh } from '../../src/core/sh.ts';
import { connect } from '../../src/remote/connect.ts';
import { machineShell, startServer } from './embedded-server.ts';
import { NO_KEY, ONE_KEY, PLAIN } from './faults.ts';

const { signal } = new AbortController();
const server = await startServer();
const dropping = await startServer({ exec: ({ drop }) => drop() });
const frozen = await startServer({
  exec: request => {
    machineShell()(request);
    request.freeze();
  },
});

const kinds = await Promise.all(
  Array.from({ length: 200 }, async (_, i) => {
    const target = i % 20 === 7 ? dropping : i % 20 === 13 ? frozen : server;
    const options = {
      knownHosts: server === target || i % 3 > 0 ? target.knownHosts : server.knownHosts,
      identities: i % 20 === 17 ? NO_KEY : ONE_KEY,
      signal,
      keepaliveMs: 200,
    };
    try {
      const session = await connect(target.host(), options);
      try {
        const [section] = await session.run([sh`echo ${i}`], PLAIN);
        return section?.stdout === `${i}\n` ? 'ok' : 'wrong';
      } finally {
        session.close();
      }
    } catch (error) {
      return (error as { failure?: { kind: string } }).failure?.kind ?? String(error);
    }
  }),
);
await Promise.all([server, dropping, frozen].map(one => one.close()));
for (const kind of [...new Set(kinds)].sort()) {
  process.stdout.write(`${kind} ${kinds.filter(one => one === kind).length}\n`);
}
