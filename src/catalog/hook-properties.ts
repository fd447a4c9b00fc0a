import type { Hook } from './hooks.ts';
import { predefinedSince } from './predefined.ts';

/** One custom property of a hook, as it stands in the engine's configuration. */
export interface EngineProperty {
  /** The key of engine-config. */
  readonly key: 'UserDefinedVMProperties' | 'CustomDeviceProperties' | 'UserDefinedNetworkCustomProperties';
  /** The type of device, for the key CustomDeviceProperties. */
  readonly deviceType: string | null;
  readonly name: string;
  /** A Java regular expression that the whole value must match. */
  readonly regex: string;
  /** Whether an engine defines, or in the time of a removed hook defined, it by itself. */
  readonly predefined: boolean;
  /** The first cluster level at which today's engine does so; null where it does not. */
  readonly predefinedSince: string | null;
}

/** The properties that a hook reads: those of VMs, of devices, and of networks, in this order. */
export function engineProperties({ properties, predefined }: Hook): EngineProperty[] {
  const rows = (
    key: EngineProperty['key'],
    deviceType: string | null,
    rules: Readonly<Record<string, string>>,
  ) =>
    Object.entries(rules).map(([name, regex]) => ({
      key,
      deviceType,
      name,
      regex,
      predefined: key === 'UserDefinedVMProperties' && predefined.includes(name),
      predefinedSince: key === 'UserDefinedVMProperties' ? (predefinedSince(name) ?? null) : null,
    }));
  return [
    ...rows('UserDefinedVMProperties', null, properties.vm),
    ...Object.entries(properties.device).flatMap(([type, rules]) =>
      rows('CustomDeviceProperties', type, rules),
    ),
    ...rows('UserDefinedNetworkCustomProperties', null, properties.network),
  ];
}
