import type { Host } from '../core/host.ts';
import { InputError, type Problem } from '../core/input-error.ts';
import { closedIn, vaultedVariables } from './closed.ts';
import { type ConnectionDefaults, toHosts } from './connection.ts';
import type { Inventory, InventoryHost, Layer, Variable } from './inventory.ts';
import { ciphertextOf } from './typed-value.ts';
import { readVarsText } from './vars-files.ts';
import type { Vault } from './vault.ts';

/**
 * How to reach each of the hosts, in the order given: `toHosts`, after opening what of these hosts is encrypted and
 * needed for that, which are whole files of variables and the variables of the connection. Nothing else is opened.
 *
 * @throws {InputError} as `toHosts`, and for everything that cannot be opened.
 */
export async function openHosts(
  inventory: Inventory,
  names: readonly string[],
  defaults: ConnectionDefaults,
): Promise<Host[]> {
  const { vault } = inventory;
  const closed = names.filter(name => closedIn(inventory, name).length > 0);
  if (closed.length === 0 || vault === undefined) {
    return toHosts(inventory, names, defaults);
  }
  const opened = await Promise.allSettled(closed.map(name => openHost(inventory, name, vault)));
  const problems = opened.flatMap(one => (one.status === 'rejected' ? problemsOf(one.reason) : []));
  if (problems.length > 0) {
    throw new InputError([...new Map(problems.map(one => [JSON.stringify(one), one])).values()]);
  }
  const hosts = opened.flatMap(one => (one.status === 'fulfilled' && one.value ? [one.value] : []));
  const all = new Map([...inventory.hosts, ...hosts.map(host => [host.name, host] as const)]);
  return toHosts({ ...inventory, hosts: all }, names, defaults);
}

async function openHost(
  inventory: Inventory,
  name: string,
  vault: Vault,
): Promise<InventoryHost | undefined> {
  const host = inventory.hosts.get(name);
  if (host === undefined) {
    return undefined;
  }
  const layers = await Promise.all(host.layers.map(layer => openLayer(layer, vault)));
  const withFiles = { ...host, layers: layers.flat() };
  const hosts = new Map([[name, withFiles]]);
  const variables = await Promise.all(
    vaultedVariables({ ...inventory, hosts }, name).map(variable => openVariable(variable, vault)),
  );
  const opened = { of: 'host', variables: new Map(variables.map(variable => [variable.name, variable])) };
  return { ...withFiles, layers: [...withFiles.layers, opened] };
}

async function openLayer(layer: Layer, vault: Vault): Promise<Layer[]> {
  if (layer.closed === undefined) {
    return [layer];
  }
  const { file, ciphertext } = layer.closed;
  const text = await vault.open(ciphertext, { file });
  return readVarsText(text, file, layer.of).layer.map(one => ({
    ...one,
    variables: new Map([...one.variables].map(([name, variable]) => [name, { ...variable, secret: true }])),
  }));
}

async function openVariable({ value, ...variable }: Variable, vault: Vault): Promise<Variable> {
  const ciphertext = ciphertextOf({ ...variable, ...(value === undefined ? {} : { value }) }) ?? '';
  return { ...variable, text: await vault.open(ciphertext, variable.place), secret: true };
}

function problemsOf(reason: unknown): readonly Problem[] {
  if (reason instanceof InputError) {
    return reason.problems;
  }
  throw reason;
}
