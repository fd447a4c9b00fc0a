import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { PAGES } from '../house/pages.ts';
import { sitDown } from './typing.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What has to be there for these to run is a clean clone, which is where CI runs the second one. */
const NOT_RUN = ['npm ci', 'npm ci && npm test'];

/** Commands that work on the checkout, in the form in which they run here. */
const IN_CHECKOUT: Readonly<Record<string, string>> = {
  'npm ci && npm start': 'npm start',
  'npm link': 'npm link --ignore-scripts',
};

/** The exit codes that are not 0, by page and command: the first time it stands there, the second time … */
const EXIT_CODES: Readonly<Record<string, readonly number[]>> = {
  'README.md hookfleet check hooks.yml': [3],
  'docs/getting-started.md hookfleet check hooks.yml': [3],
};

/** Where an engine is asked for its health unless the play says otherwise; the lab's hosts share this one address. */
async function beLocalhost(t: ExecutionContext, address: string): Promise<void> {
  const server = createServer(socket => {
    const there = connect(80, address);
    socket.on('error', () => there.destroy()).pipe(there);
    there.on('error', () => socket.destroy()).pipe(socket);
  });
  await once(server.listen(80, '127.0.0.1'), 'listening');
  t.teardown(() => server.close());
}

for (const name of ['README.md', 'docs/getting-started.md']) {
  test.serial(`every command that ${name} shows does what it says, word for word`, async t => {
    const { engine, type } = await sitDown(t);
    await beLocalhost(t, engine.address);
    const page = PAGES.find(one => one.name === name);
    const lines = (page?.blocks ?? [])
      .filter(({ language }) => language === 'sh')
      .flatMap(block => block.lines)
      .map(line => line.replace(/ +#.*$/, '').trim());
    t.true(lines.length >= 10);
    const seen = new Map<string, number>();
    for (const line of lines.filter(one => one !== '' && !NOT_RUN.includes(one))) {
      const times = seen.get(line) ?? 0;
      seen.set(line, times + 1);
      const inCheckout = IN_CHECKOUT[line];
      const { exitCode, screen } = await (inCheckout === undefined ? type(line) : type(inCheckout, ROOT));
      t.is(exitCode, EXIT_CODES[`${name} ${line}`]?.[times] ?? 0, `${line}\n${screen}`);
    }
  });
}
