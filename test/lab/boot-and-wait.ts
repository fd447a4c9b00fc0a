/** Boots a host of each kind, says which on stdout and waits: for the tests that kill it. */
import { bootHost, startLightHost } from './host.ts';

const hosts = [await bootHost({ name: 'doomed' }), await startLightHost({ name: 'doomed-light' })];
process.stdout.write(`${JSON.stringify(hosts.map(({ pid, root }) => ({ pid, root })))}\n`);
setInterval(() => undefined, 1000);
