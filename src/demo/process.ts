import { startFleet } from './fleet.ts';

// The process that the fleet lives in. It tells its parent when the fleet is up, and takes it down when the parent goes,
// however that comes about.

const starting = startFleet();
let isEnding = false;

function end(): void {
  if (!isEnding) {
    isEnding = true;
    starting
      .then(({ stop }) => stop())
      .catch(fail)
      .finally(() => process.connected && process.disconnect());
  }
}

function fail(error: unknown): void {
  process.stderr.write(`The demo fleet: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, end);
}
process.once('disconnect', end);
if (!process.connected) {
  end();
}
try {
  const { fleet } = await starting;
  // The parent may be gone by now; then the fleet is on its way down.
  process.send?.(fleet, () => {});
} catch {
  end();
}
