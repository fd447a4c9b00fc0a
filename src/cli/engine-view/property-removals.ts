import { isPredefined } from '../../catalog/predefined.ts';
import type { Change } from '../../core/change.ts';
import type { PropertyUser } from '../../engine/client/property-users.ts';
import { type DeviceDefinitions, parseDevices, parseProperties } from '../../engine/values.ts';

/** A definition that goes from one cluster level. */
export interface Removal {
  /** `vm`: VMs, templates and pools carry values; `profile`: vNIC profiles do. */
  readonly of: 'vm' | 'profile';
  readonly level: string;
  readonly name: string;
}

/**
 * The definitions that a plan's changes take away, of properties that something in the engine may have a value of. Of
 * devices those are interfaces alone; a VM property that the engine predefines stays one.
 */
export function removalsIn(changes: readonly Change[]): readonly Removal[] {
  return changes.flatMap(({ resource, action, id, before, after }): Removal[] => {
    const [key, level = ''] = id.split(' ');
    if (resource !== 'engine-properties' || action !== 'set') {
      return [];
    }
    const gone = (namesIn: (value: string) => readonly string[]) => {
      const left = new Set(namesIn(after ?? ''));
      return namesIn(before ?? '').filter(name => !left.has(name));
    };
    switch (key) {
      case 'UserDefinedVMProperties':
        return gone(vmNames)
          .filter(name => !isPredefined(name, level))
          .map(name => ({ of: 'vm', level, name }));
      case 'CustomDeviceProperties':
        return gone(interfaceNames).map(name => ({ of: 'profile', level, name }));
      default:
        return [];
    }
  });
}

/** Of whom it is not known which level holds for them, any level may. */
export function usersOf(
  { level, name }: Pick<Removal, 'level' | 'name'>,
  users: readonly PropertyUser[],
): readonly PropertyUser[] {
  return users.filter(user => (user.level ?? level) === level && user.properties.has(name));
}

function vmNames(value: string): readonly string[] {
  const parsed = parseProperties(value);
  return parsed.ok ? parsed.value.map(({ name }) => name) : [];
}

function interfaceNames(value: string): readonly string[] {
  const parsed = parseDevices(value);
  const devices: readonly DeviceDefinitions[] = parsed.ok ? parsed.value : [];
  return devices
    .filter(({ type }) => type === 'interface')
    .flatMap(({ properties }) => properties.map(({ name }) => name));
}
