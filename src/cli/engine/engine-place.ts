import { InputError } from '../../core/input-error.ts';
import { engineUrl } from '../../engine/client/access.ts';
import { engineSourceUrl } from '../../inventory/engine-source.ts';
import { groupHosts, hostVariable, type Inventory } from '../../inventory/inventory.ts';
import { matchHosts } from '../../inventory/patterns.ts';
import type { EngineApiOptions } from '../options/engine-api-options.ts';

/** Where an engine's API is, and which host of the inventory is the engine's own. */
export interface EnginePlace {
  readonly url: string;
  /** Undefined where the inventory does not have it. */
  readonly host: string | undefined;
}

export type PlaceOptions = EngineApiOptions & {
  readonly inventory?: readonly string[];
  /** A pattern of the engine hosts; the group `engine` by default. */
  readonly engine?: string | false;
};

const VARIABLE = 'engine_url';

/**
 * The engine that a command is about: `--engine-url`, else the one engine host of the inventory, by its variable
 * `engine_url` or its name, else the engine that the inventory comes from.
 *
 * @param asked the engine's host, where the inventory may have several.
 * @throws {InputError} where there is none, or where it may be one of several.
 */
export function engineOf(
  options: PlaceOptions,
  inventory: Inventory | undefined,
  asked?: string | undefined,
): EnginePlace {
  const hosts = asked === undefined ? engineHosts(options, inventory) : [asked];
  const { engineUrl: url } = options;
  if (url !== undefined) {
    const same = inventory === undefined ? [] : hosts.filter(host => isAt(inventory, host, url));
    const [only] = same.length === 1 ? same : hosts;
    return { url, host: same.length === 1 || hosts.length === 1 ? only : undefined };
  }
  const [host, ...others] = hosts;
  if (host === undefined || inventory === undefined) {
    return fromSource(options);
  }
  if (others.length > 0) {
    throw new InputError([
      {
        message: `the inventory has ${hosts.length} engines: ${hosts.join(', ')}`,
        hint: 'Say which one it is with --engine PATTERN or --engine-url URL',
      },
    ]);
  }
  return { url: urlOf(inventory, host), host };
}

/** Whether the user said that the API is to be used: who logs in, and where. */
export function hasEngineAccess(options: PlaceOptions, inventory?: Inventory): boolean {
  if (options.engineUser === undefined) {
    return false;
  }
  const named =
    inventory !== undefined &&
    engineHosts(options, inventory).some(host => hostVariable(inventory, host, VARIABLE) !== undefined);
  return options.engineUrl !== undefined || named || sourcesOf(options).length > 0;
}

function engineHosts({ engine }: PlaceOptions, inventory: Inventory | undefined): readonly string[] {
  if (inventory === undefined) {
    return [];
  }
  return typeof engine === 'string' ? matchHosts(inventory, engine) : groupHosts(inventory, 'engine');
}

function isAt(inventory: Inventory, host: string, url: string): boolean {
  const address = hostVariable(inventory, host, 'ansible_host')?.text;
  const { hostname } = new URL(url);
  return [host.toLowerCase(), address?.toLowerCase()].includes(hostname) || urlOf(inventory, host) === url;
}

function urlOf(inventory: Inventory, host: string): string {
  const variable = hostVariable(inventory, host, VARIABLE);
  const url = engineUrl(variable?.text ?? `https://${host.includes(':') ? `[${host}]` : host}`);
  if (url === undefined) {
    throw new InputError([
      {
        ...(variable === undefined ? {} : { place: variable.place }),
        message:
          variable === undefined
            ? `${host} is no name for an engine's API`
            : `${VARIABLE} is no address of an engine`,
        hint: 'Write https://NAME or https://NAME:PORT, without user and password',
      },
    ]);
  }
  return url;
}

function sourcesOf({ inventory = [] }: PlaceOptions): string[] {
  return [...new Set(inventory.flatMap(one => engineSourceUrl(one) ?? []))];
}

function fromSource(options: PlaceOptions): EnginePlace {
  const [url, ...others] = sourcesOf(options);
  if (url === undefined || others.length > 0) {
    throw new InputError([
      {
        message: url === undefined ? 'no engine is named' : 'the inventory comes from several engines',
        hint: 'Give --engine-url https://engine.example.org, or an inventory with the engine host in the group "engine"',
      },
    ]);
  }
  return { url, host: undefined };
}
