import type { Host } from '../../core/host.ts';
import { sh } from '../../core/sh.ts';
import { certificatesIn } from '../../engine/client/trusted-ca.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import type { Session } from '../../remote/script/session.ts';
import { makeConnector } from '../login/connector.ts';
import type { FleetOptions } from '../options/options.ts';
import { hostKeysOfRun } from '../trust/trust-in-run.ts';

/**
 * The authority of the engine's web server as its host has it: `apache-ca.pem`, a link to `ca.pem` unless somebody has
 * put another certificate before the engine (engine: packaging/setup/.../pki). Everybody may read both.
 */
const LOOK = sh`for hf_name in apache-ca ca; do
  hf_file="$ROOT/etc/pki/ovirt-engine/$hf_name.pem"
  [ -r "$hf_file" ] && cat "$hf_file" && exit 0
done
exit 0`;

const SECONDS = 30;

/**
 * Reads the authority's certificates on the engine's host, over a connection that is trusted already; one exec.
 *
 * @returns in PEM; undefined where the host has none.
 * @throws {HostError}
 */
export async function readEngineCa(session: Session): Promise<string | undefined> {
  const [found] = await session.run([LOOK], { become: false, timeoutSeconds: SECONDS, stopAtFailure: false });
  return certificatesIn(found?.stdout ?? '');
}

/**
 * Opens a connection to the engine's host for it, and ends that again.
 *
 * @throws {HostError} where the host cannot be reached.
 * @throws {InputError} and {Interrupted} as {@link makeConnector}.
 */
export async function fetchEngineCa(
  host: Host,
  inventory: Inventory,
  options: FleetOptions,
  signal: AbortSignal,
): Promise<string | undefined> {
  const connector = await makeConnector([host], hostKeysOfRun([host], inventory, options), options);
  try {
    const session = await connector.connect(host, signal);
    try {
      return await readEngineCa(session);
    } finally {
      session.close();
    }
  } finally {
    connector.close();
  }
}
