/** The VM properties that an engine defines by itself, each with the first cluster level that has it. */
const PREDEFINED_SINCE: ReadonlyMap<string, string> = new Map([
  ['sap_agent', '4.2'],
  ['sndbuf', '4.2'],
  ['vhost', '4.2'],
  ['viodiskcache', '4.2'],
  ['hugepages', '4.2'],
  ['scsi_hostdev', '4.4'],
  ['nvram_template', '4.4'],
  ['extra_cpu_flags', '4.6'],
]);

/**
 * Whether the engine defines this VM property itself: at the given cluster level (`4.7`), or without one at any level.
 * Defining such a name again overrides the engine's own definition, so nobody should. Source: the key
 * PredefinedVMProperties in ovirt-engine's packaging/dbscripts/upgrade/pre_upgrade/0000_config.sql (levels 4.2 to 4.8).
 */
export function isPredefined(name: string, level?: string): boolean {
  const since = PREDEFINED_SINCE.get(name);
  return since !== undefined && (level === undefined || compareLevels(level, since) >= 0);
}

/** The first cluster level (`4.2`) at which the engine defines this VM property itself, or undefined where it never does. */
export function predefinedSince(name: string): string | undefined {
  return PREDEFINED_SINCE.get(name);
}

/** The network properties that an engine defines by itself, at every cluster level (key PreDefinedNetworkCustomProperties). */
export const PREDEFINED_NETWORK_PROPERTIES: readonly string[] = ['bridge_opts'];

/** Orders cluster levels by number, so that 4.10 comes after 4.8. */
function compareLevels(a: string, b: string): number {
  const [majorA = 0, minorA = 0] = a.split('.').map(Number);
  const [majorB = 0, minorB = 0] = b.split('.').map(Number);
  return majorA - majorB || minorA - minorB;
}
