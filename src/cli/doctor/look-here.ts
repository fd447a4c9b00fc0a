import { existsSync } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { identitiesOf } from '../../remote/login/identities.ts';
import { defaultForks } from '../options/forks.ts';
import { recordFolder } from '../runs/record-place.ts';
import { type Finding, ok, problem, warning } from './finding.ts';

/** What the doctor was told about this machine's part. */
export interface HereOptions {
  readonly configFile?: string;
  readonly knownHosts?: string;
  readonly privateKey?: string;
  readonly record?: string | false;
  /** What to type to put host keys on record. */
  readonly trust: string;
}

/** Looks at the machine that hookfleet runs on. */
export async function lookHere(options: HereOptions, env: NodeJS.ProcessEnv): Promise<readonly Finding[]> {
  const findings = await Promise.all([
    ok(`Node.js ${process.versions.node} on ${process.platform}`),
    ok(options.configFile === undefined ? 'no hookfleet.cfg' : `settings from ${options.configFile}`),
    lookAtIdentities(options),
    lookAtKnownHosts(options),
    lookAtForks(),
    lookForSsh(env),
    lookAtRecords(options, env),
  ]);
  return findings;
}

async function lookAtIdentities({ privateKey }: HereOptions): Promise<Finding> {
  const identities = await identitiesOf().list({
    files: privateKey === undefined ? undefined : [privateKey],
    only: false,
  });
  const usable = identities.filter(({ kind }) => kind === 'key' || kind === 'agent');
  if (usable.length > 0) {
    return ok(`${usable.length === 1 ? 'one key' : `${usable.length} keys`} to log in with`);
  }
  return identities.some(({ kind }) => kind === 'encrypted')
    ? warning(
        'every key to log in with is encrypted, and no agent has it: its passphrase is asked for',
        'ssh-add puts it into the agent.',
      )
    : warning(
        'no key to log in with, neither in an agent nor in ~/.ssh',
        'ssh-keygen -t ed25519, then ssh-copy-id; or log in with a password: -k',
      );
}

async function lookAtKnownHosts({ knownHosts, trust }: HereOptions): Promise<Finding> {
  const file = knownHosts ?? join(homedir(), '.ssh', 'known_hosts');
  return (await access(file, constants.R_OK).then(
    () => true,
    () => false,
  ))
    ? ok(`host keys from ${file}`)
    : warning(`no host key is on record: ${file} is not there, or cannot be read`, trust);
}

function lookAtForks(): Finding {
  const forks = defaultForks();
  return forks < 50
    ? warning(`the limit of open files lets ${forks} hosts be worked on at once`, 'ulimit -n 4096')
    : ok(`${forks} hosts at once`);
}

function lookForSsh(env: NodeJS.ProcessEnv): Finding {
  return (env.PATH ?? '').split(delimiter).some(folder => existsSync(join(folder, 'ssh')))
    ? ok('ssh is there to read the difficult lines of ssh_config')
    : warning(
        'no ssh is in PATH: what `Match exec` and the like say in ssh_config cannot be read',
        'Install the OpenSSH client, or say -F none.',
      );
}

async function lookAtRecords(options: HereOptions, env: NodeJS.ProcessEnv): Promise<Finding> {
  const folder = recordFolder({ ...(options.record !== undefined && { record: options.record }) }, env);
  let there = folder;
  while (!existsSync(there) && dirname(there) !== there) {
    there = dirname(there);
  }
  return (await access(there, constants.W_OK).then(
    () => true,
    () => false,
  ))
    ? ok(`run records go to ${folder}`)
    : problem(`run records cannot be written to ${folder}`, 'Say --record FOLDER, or --no-record.');
}
