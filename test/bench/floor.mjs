/**
 * The least that a client in Node can do: one connection and one exec a host, all at once, and nothing else - no
 * known_hosts, no playbook, no reading of the replies.
 *
 *   node floor.mjs USER PRIVATE_KEY_FILE SCRIPT_FILE ADDRESS[:PORT]...
 *
 * With FORKS in the environment, so many at once. Prints every host's output. Exit code 1 if a host did not give exit code 0.
 */
import { readFileSync } from 'node:fs';
import ssh2 from 'ssh2';

const [user, keyFile, scriptFile, ...addresses] = process.argv.slice(2);
const privateKey = readFileSync(keyFile);
const script = readFileSync(scriptFile);

function runOn(endpoint) {
  const [host, port = '22'] = endpoint.split(':');
  return new Promise((resolve, reject) => {
    const client = new ssh2.Client();
    client.on('error', reject);
    client.on('ready', () =>
      client.exec('timeout -k 5 300 sh -s', (error, channel) => {
        if (error) {
          reject(error);
          return;
        }
        const chunks = [];
        channel.on('data', chunk => chunks.push(chunk));
        channel.stderr.resume();
        channel.on('close', code => {
          client.end();
          process.stdout.write(Buffer.concat(chunks));
          if (code === 0) {
            resolve();
          } else {
            reject(new Error(`exit code ${code}`));
          }
        });
        channel.end(script);
      }),
    );
    client.connect({ host, port: Number(port), username: user, privateKey });
  });
}

const waiting = [...addresses.keys()];
const results = [];
async function work() {
  for (let i = waiting.shift(); i !== undefined; i = waiting.shift()) {
    [results[i]] = await Promise.allSettled([runOn(addresses[i])]);
  }
}
const forks = Number(process.env.FORKS ?? addresses.length);
await Promise.all(Array.from({ length: forks }, work));
for (const [i, { reason }] of results.entries()) {
  if (reason) {
    process.stderr.write(`${addresses[i]}: ${reason.message}\n`);
    process.exitCode = 1;
  }
}
