import { appendFileSync } from 'node:fs';
import {
  chmod,
  chown,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import fc from 'fast-check';
import { knownHostsOf } from '../../../src/remote/host-keys/known-hosts.ts';
import {
  type Addition,
  addKeys,
  mergeKeys,
  recorder,
} from '../../../src/remote/host-keys/known-hosts-record.ts';
import { cannotWrite, rewriteKnownHosts } from '../../../src/remote/host-keys/known-hosts-write.ts';
import { newPrivateKey, publicKey } from '../embedded-server.ts';

const KEYS = (['ed25519', 'ed25519', 'ecdsa', 'rsa'] as const).map(type => publicKey(newPrivateKey(type)));
const [ed, otherEd, ecdsa, rsa] = KEYS.map(key => key.getPublicSSH()) as [Buffer, Buffer, Buffer, Buffer];

function add(name: string, key: Buffer, firstOnly = false): Addition {
  return { name, key, firstOnly };
}

function line(names: string, key: Buffer): string {
  const type = key.toString('latin1', 4, 4 + key.readUInt32BE());
  return `${names} ${type} ${key.toString('base64')}\n`;
}

async function folderFor(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hookfleet-record-'));
  t.teardown(() => rm(folder, { recursive: true }));
  return folder;
}

test('every byte that was there stays, whatever it is, and the new lines come behind it', t => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
      const before = Buffer.from(bytes);
      const { content, added } = mergeKeys(before, '/f', [add('h1', ed), add('[h1]:2222', rsa)]);
      t.deepEqual(content.subarray(0, before.length), before);
      t.deepEqual(added, [{ kind: 'added' }, { kind: 'added' }]);
      const rest = content.subarray(before.length).toString();
      t.regex(rest, /^\n?\|1\|[^ ]+ ssh-ed25519 [^ \n]+\n\|1\|[^ ]+ ssh-rsa [^ \n]+\n$/);
      t.is(rest.startsWith('\n'), before.length > 0 && before.at(-1) !== 10, 'no line is joined to another');
    }),
  );
});

for (const [what, text, addition, kind] of [
  ['nothing on record', '', add('h1', ed), 'added'],
  ['the same key on record', line('h1', ed), add('h1', ed), 'known'],
  ['the same key under a wildcard', line('h*', ed), add('h1', ed), 'known'],
  ['another key of the type', line('h1', otherEd), add('h1', ed), 'changed'],
  ['a key of another type', line('h1', rsa), add('h1', ed), 'added'],
  [
    'a key of another type, where only a first key is wanted',
    line('h1', rsa),
    add('h1', ed, true),
    'changed',
  ],
  ['the key for another port', line('[h1]:2222', otherEd), add('h1', ed), 'added'],
  ['the key revoked', `${line('h1', ed)}@revoked ${line('*', ed)}`, add('h1', ed), 'revoked'],
  ['the key as an authority', `@cert-authority ${line('*', ed)}`, add('h1', ed), 'added'],
] as const) {
  test(`with ${what}, a key is ${kind}`, t => {
    const before = Buffer.from(text);
    const { content, added } = mergeKeys(before, '/f', [addition]);
    t.is(added[0]?.kind, kind);
    t.is(content === before, kind !== 'added', 'nothing is written for nothing');
  });
}

test('a name that comes twice in one writing has one key', t => {
  const { added, content } = mergeKeys(Buffer.from('# one\n'), '/f', [
    add('h1', ed, true),
    add('h1', ed, true),
    add('h1', otherEd, true),
  ]);
  t.deepEqual(
    added.map(({ kind }) => kind),
    ['added', 'known', 'changed'],
  );
  const [, , changed] = added;
  t.deepEqual(changed && 'records' in changed && changed.records[0]?.place, { file: '/f', line: 2 });
  t.is(content.toString().split('\n').length, 3);
});

test('what is written is found by ssh-keygen and by the lookup, and names no host', async t => {
  const folder = await folderFor(t);
  const file = join(folder, 'known_hosts');
  await addKeys(file, [add('h1.example.com', ed), add('h1.example.com', rsa), add('[10.0.0.1]:2222', ecdsa)]);
  const text = await readFile(file, 'utf8');
  t.notRegex(text, /example|10\.0/);
  const found = await execa('ssh-keygen', ['-F', '[10.0.0.1]:2222', '-f', file]);
  t.true(found.stdout.includes(ecdsa.toString('base64')), found.stdout);
  const known = await knownHostsOf({ files: [file] }).lookup({
    address: 'h1.example.com',
    port: 22,
    knownAs: 'h1.example.com',
    knownHostsFiles: undefined,
  });
  t.deepEqual(
    known.trusted.map(({ type, place }) => `${type}:${place.line}`),
    ['ssh-ed25519:1', 'ssh-rsa:2'],
  );
});

test('a missing file and its folder are made for the user alone, whatever the umask', async t => {
  const folder = await folderFor(t);
  const file = join(folder, '.ssh', 'known_hosts');
  const before = process.umask(0);
  t.teardown(() => process.umask(before));
  await addKeys(file, [add('h1', ed)]);
  const modes = await Promise.all(
    [join(folder, '.ssh'), file].map(async path => (await stat(path)).mode & 0o777),
  );
  t.deepEqual(modes, [0o700, 0o600]);
  t.deepEqual(await readdir(join(folder, '.ssh')), ['known_hosts'], 'nothing else is left');
});

test('mode, owner and a link that leads to the file stay', async t => {
  const folder = await folderFor(t);
  const real = join(folder, 'real', 'hosts');
  const link = join(folder, 'ssh', 'known_hosts');
  await mkdir(join(folder, 'real'));
  await mkdir(join(folder, 'ssh'));
  await writeFile(real, '# mine\n');
  await chmod(real, 0o640);
  const owner = process.getuid?.() === 0 ? 12_345 : (process.getuid?.() ?? 0);
  await chown(real, owner, (await stat(real)).gid);
  await symlink('../real/hosts', link);
  await addKeys(link, [add('h1', ed)]);
  t.is(await readlink(link), '../real/hosts');
  const { mode, uid } = await stat(real);
  t.deepEqual([mode & 0o777, uid], [0o640, owner]);
  t.regex(await readFile(real, 'utf8'), /^# mine\n\|1\|/);
});

test('a link to a file that is not there yet leads to the new one', async t => {
  const folder = await folderFor(t);
  await symlink('later', join(folder, 'known_hosts'));
  await addKeys(join(folder, 'known_hosts'), [add('h1', ed)]);
  t.regex(await readFile(join(folder, 'later'), 'utf8'), /^\|1\|/);
});

test('what is no regular file is not replaced', async t => {
  const folder = await folderFor(t);
  await t.throwsAsync(addKeys('/dev/null', [add('h1', ed)]), { message: /not a regular file/ });
  t.true((await stat('/dev/null')).isCharacterDevice());
  t.regex((await cannotWrite('/dev/null')) ?? '', /not a regular file/);
  t.regex((await cannotWrite(folder)) ?? '', /not a regular file/);
  t.regex((await cannotWrite(join(folder, 'no', 'such', 'folder'))) ?? '', /ENOENT/);
  t.is(await cannotWrite(join(folder, '.ssh', 'known_hosts')), undefined);
});

test('a file that cannot be written in whole is left as it was, and nothing else lies there', async t => {
  const folder = await folderFor(t);
  const file = join(folder, 'known_hosts');
  await writeFile(file, '# mine\n');
  await t.throwsAsync(
    rewriteKnownHosts(file, () => {
      throw new Error('broken');
    }),
    { message: 'broken' },
  );
  t.is(await readFile(file, 'utf8'), '# mine\n');
  t.deepEqual(await readdir(folder), ['known_hosts']);
});

test('a line that ssh itself appends while the file is written anew is not lost', async t => {
  const folder = await folderFor(t);
  const file = join(folder, 'known_hosts');
  await writeFile(file, '# one\n');
  let calls = 0;
  const appended = line('by-ssh', rsa);
  await rewriteKnownHosts(file, content => {
    calls += 1;
    if (calls === 1) {
      appendFileSync(file, appended);
    }
    return Buffer.concat([content, Buffer.from('# new\n')]);
  });
  t.is(await readFile(file, 'utf8'), `# one\n${appended}# new\n`);
  t.is(calls, 2);
});

test('requests that come while the file is written go into one further writing', async t => {
  const folder = await folderFor(t);
  const file = join(folder, 'known_hosts');
  const record = recorder();
  const inodes = new Set<number>();
  const results = await Promise.all(
    Array.from({ length: 200 }, async (_, i) => {
      const [added] = await record(file, [add(`h${i}`, ed)]);
      inodes.add((await stat(file)).ino);
      return added?.kind;
    }),
  );
  t.deepEqual(new Set(results), new Set(['added']));
  t.is((await readFile(file, 'utf8')).trim().split('\n').length, 200);
  t.true(inodes.size <= 3, `${inodes.size} writings`);
});

test('a request that fails is told to those who asked, and to nobody after', async t => {
  const folder = await folderFor(t);
  const file = join(folder, 'known_hosts');
  await mkdir(file);
  const record = recorder();
  await t.throwsAsync(record(file, [add('h1', ed)]), { message: /not a regular file/ });
  await rm(file, { recursive: true });
  t.deepEqual(await record(file, [add('h1', ed)]), [{ kind: 'added' }]);
});

test('the lock of a killed run is taken away, that of a living one is waited for', async t => {
  const folder = await folderFor(t);
  const file = join(folder, 'known_hosts');
  const lock = `${file}.hookfleet-lock`;
  const gone = execa('true');
  await gone;
  await writeFile(lock, `${gone.pid} ${hostname()}\n`);
  await addKeys(file, [add('h1', ed)]);

  await writeFile(lock, '4711 another-machine\n');
  const old = new Date(Date.now() - 120_000);
  await utimes(lock, old, old);
  await addKeys(file, [add('h2', ed)]);

  await writeFile(lock, `${process.pid} ${hostname()}\n`);
  let done = false;
  const waiting = addKeys(file, [add('h3', ed)]).then(() => {
    done = true;
  });
  await new Promise(resolve => setTimeout(resolve, 200));
  t.false(done);
  await rm(lock);
  await waiting;
  t.is((await readFile(file, 'utf8')).trim().split('\n').length, 3);
  t.deepEqual(await readdir(folder), ['known_hosts']);
});

test('runs at once lose no entries of each other', async t => {
  const folder = await folderFor(t);
  const file = join(folder, 'known_hosts');
  await writeFile(file, '# mine\n');
  const script = fileURLToPath(new URL('../many-records.ts', import.meta.url));
  const runs = Array.from({ length: 6 }, (_, i) =>
    execa(process.execPath, ['--import=tsx', script, file, `run${i}`, '25'], {}),
  );
  await Promise.all(runs);
  const known = knownHostsOf({ files: [file] });
  for (let run = 0; run < 6; run += 1) {
    for (let i = 0; i < 25; i += 1) {
      const name = `run${run}-${i}`;
      const found = await known.lookup({
        address: name,
        port: 22,
        knownAs: name,
        knownHostsFiles: undefined,
      });
      t.is(found.trusted.length, 1, name);
    }
  }
  t.regex(await readFile(file, 'utf8'), /^# mine\n/);
});
