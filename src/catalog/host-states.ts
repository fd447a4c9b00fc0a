/** The states of a host in an oVirt engine, as its API writes them (api-model: HostStatus.java). */
export const HOST_STATES = [
  'connecting',
  'down',
  'error',
  'initializing',
  'install_failed',
  'installing',
  'installing_os',
  'kdumping',
  'maintenance',
  'non_operational',
  'non_responsive',
  'pending_approval',
  'preparing_for_maintenance',
  'reboot',
  'unassigned',
  'up',
] as const;

export type HostState = (typeof HOST_STATES)[number];

/** While a host is in one of these, a restart of the engine would leave it half installed (engine: ResourceManager.java). */
export const INSTALLING_STATES: readonly string[] = ['installing', 'installing_os', 'reboot'];
