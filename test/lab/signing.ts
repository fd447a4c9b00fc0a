import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { buildRpm, makeRepository } from './build-rpm.ts';

type KeyName = 'good' | 'wrong' | 'expired';

/**
 * Repositories of a signed hook, on every host's disk below /srv/signed, in no `.repo` file. Public keys lie beside
 * them: `good.asc`, `wrong.asc`, `expired.asc`, and `renewed.asc`, which is the expired one after its owner has
 * prolonged it.
 */
const REPOSITORIES: readonly {
  readonly folder: string;
  readonly version: string;
  readonly signedBy: KeyName | null;
}[] = [
  { folder: 'signed', version: '1.0', signedBy: 'good' },
  { folder: 'signed-next', version: '1.1', signedBy: 'good' },
  { folder: 'unsigned', version: '1.0', signedBy: null },
  { folder: 'wrongkey', version: '1.0', signedBy: 'wrong' },
  { folder: 'expired', version: '1.0', signedBy: 'expired' },
];

// The expired key was good for ten days from the first of these on, and signed on the second.
const MADE = '20200101T000000';
const SIGNED = '20200105T000000';

/** Makes the keys, builds and signs the rpms, and leaves repositories and public keys in the folder. */
export async function buildSignedRepositories(folder: string): Promise<void> {
  const top = await mkdtemp(join(tmpdir(), 'hookfleet-sign-'));
  const home = join(top, 'gnupg');
  const gpg = async (...args: readonly string[]) => {
    const quiet = ['--homedir', home, '--batch', '--quiet', '--pinentry-mode', 'loopback'];
    return (await execa('gpg', [...quiet, '--passphrase', '', ...args])).stdout;
  };
  const publish = async (name: KeyName, file: string) =>
    writeFile(join(folder, file), `${await gpg('--armor', '--export', `=${userId(name)}`)}\n`);
  try {
    await mkdir(home, { mode: 0o700 });
    await mkdir(folder, { recursive: true });
    await gpg('--quick-generate-key', userId('good'), 'rsa3072', 'sign', 'never');
    await gpg('--quick-generate-key', userId('wrong'), 'ed25519', 'sign', 'never');
    await gpg(
      '--faked-system-time',
      MADE,
      '--quick-generate-key',
      userId('expired'),
      'rsa3072',
      'sign',
      '10d',
    );
    for (const name of ['good', 'wrong', 'expired'] as const) {
      await publish(name, `${name}.asc`);
    }
    for (const { folder: repository, version, signedBy } of REPOSITORIES) {
      const target = join(folder, repository);
      await buildRpm(top, 'vdsm-hook-sitelog', version, target);
      if (signedBy) {
        await sign(home, signedBy, target);
      }
      await makeRepository(target);
    }
    const listed = await gpg('--with-colons', '--list-keys', `=${userId('expired')}`);
    await gpg('--quick-set-expire', /^fpr:+([0-9A-F]+):/m.exec(listed)?.[1] ?? '', '50y');
    await publish('expired', 'renewed.asc');
  } finally {
    await execa('gpgconf', ['--homedir', home, '--kill', 'all'], { reject: false });
    await rm(top, { recursive: true, force: true });
  }
}

function userId(name: KeyName): string {
  return `Lab ${name} <${name}@example.org>`;
}

async function sign(home: string, key: KeyName, folder: string): Promise<void> {
  const rpms = (await readdir(folder)).filter(name => name.endsWith('.rpm')).map(name => join(folder, name));
  await execa('rpmsign', [
    ...['--define', '__gpg /usr/bin/gpg'],
    ...['--define', `_gpg_path ${home}`],
    ...['--define', `_gpg_name ${userId(key)}`],
    ...(key === 'expired' ? ['--define', `_gpg_sign_cmd_extra_args --faked-system-time ${SIGNED}`] : []),
    '--addsign',
    ...rpms,
  ]);
}
