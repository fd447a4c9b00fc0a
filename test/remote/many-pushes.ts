/**
 * Pushes one RPM, the largest that is allowed, to many hosts at once, whose server takes the scripts and never answers
 * them. Prints how the runs ended and the most memory that this process held, in MiB. Run as a process of its own by
 * many-pushes.test.ts.
 */
import { Secret } from '../../src/core/secret.ts';
import { connect } from '../../src/remote/connect.ts';
import { dnfStep } from '../../src/resources/package/dnf.ts';
import { RPM_SIZE_LIMIT, type RpmFile } from '../../src/resources/package/rpm-header.ts';
import { ONE_KEY, PLAIN } from './faults.ts';
import { knownHostsText } from './known.ts';

const [port = '', known = '', hosts = ''] = process.argv.slice(2);
const rpm: RpmFile = {
  file: 'x.rpm',
  name: 'x',
  evr: '0:1-1',
  arch: 'noarch',
  base64: new Secret(Buffer.alloc(RPM_SIZE_LIMIT, 'an RPM').toString('base64')),
};
const sessions = await Promise.all(
  Array.from({ length: Number(hosts) }, () =>
    connect(
      { name: 'h1', address: '127.0.0.1', port: Number(port), user: 'root' },
      {
        knownHosts: knownHostsText(known),
        identities: ONE_KEY,
      },
    ),
  ),
);
const ends = await Promise.all(
  sessions.map(async session => {
    const { script } = dnfStep('install', [{ name: 'x', rpm, changes: [] }]);
    try {
      await session.run([script], PLAIN);
      return 'done';
    } catch (error) {
      return (error as { failure?: { kind: string } }).failure?.kind ?? String(error);
    } finally {
      session.close();
    }
  }),
);
const mebibytes = Math.ceil(process.resourceUsage().maxRSS / 1024);
process.stdout.write(JSON.stringify({ ends: [...new Set(ends)], mebibytes }));
