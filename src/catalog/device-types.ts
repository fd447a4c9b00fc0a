/**
 * The device types that may have custom properties, in the order that the engine writes them.
 * Source: ovirt-engine's DevicePropertiesUtils.java.
 */
export const DEVICE_TYPES = [
  'disk',
  'interface',
  'video',
  'graphics',
  'sound',
  'controller',
  'balloon',
  'channel',
  'redir',
  'redirdev',
  'console',
  'rng',
  'smartcard',
  'watchdog',
  'hostdev',
  'memory',
  'tpm',
  'mdev',
] as const;
