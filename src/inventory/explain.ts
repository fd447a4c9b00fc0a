import { REDACTED } from '../core/secret.ts';
import { byCodePoint } from './code-point-order.ts';
import { oneHost } from './export.ts';
import type { Inventory, Layer, Variable } from './inventory.ts';
import { isPasswordVariable } from './passwords.ts';
import { pythonJson, shortJson, unprintable } from './python-json.ts';
import type { PythonValue } from './python-value.ts';
import { ciphertextOf, typedValue } from './typed-value.ts';

/** One value of a variable, with the place that it comes from. */
interface Origin {
  /** Whose it is: `host`, or `group web`. */
  readonly of: string;
  readonly variable: Variable;
}

/** How much of a value is shown to people. */
const LONGEST_VALUE = 60;

/**
 * Every variable of a host: its value, where that comes from, and what it overrode. Passwords and what was encrypted are
 * not shown. Lines for people, without a line feed at the end.
 *
 * @throws {InputError} for an unknown host.
 */
export function explainHost(inventory: Inventory, pattern: string): string {
  const name = oneHost(inventory, pattern);
  const groups = inventory.hosts.get(name)?.groups.join(', ') ?? '';
  const rows = [...originsOf(inventory, name)].flatMap(([variable, origins]) =>
    origins
      .toReversed()
      .map((origin, i) => [
        i === 0 ? variable : '  overrides',
        shorten(shown(origin.variable)),
        origin.of,
        placeText(origin.variable),
      ]),
  );
  const widths = [0, 1, 2].map(column => Math.max(0, ...rows.map(row => [...(row[column] ?? '')].length)));
  const lines = rows.map(row =>
    row.map((cell, i) => cell + ' '.repeat(Math.max(0, (widths[i] ?? 0) - [...cell].length))).join('  '),
  );
  return [`${name} is in: ${groups}`, ...lines.map(line => line.trimEnd())].join('\n');
}

/** The same as JSON: `{host, groups, variables: {NAME: {value, text, of, file, line, column, overrides: []}}}`. */
export function explainHostJson(inventory: Inventory, pattern: string): string {
  const name = oneHost(inventory, pattern);
  const variables = [...originsOf(inventory, name)].map(([variable, origins]): [string, PythonValue] => {
    const [strongest, ...others] = origins.toReversed();
    return [
      variable,
      new Map([
        ...(strongest ? describe(strongest) : []),
        ['overrides', others.map(one => new Map(describe(one)))],
      ]),
    ];
  });
  return pythonJson(
    new Map<string, PythonValue>([
      ['host', name],
      ['groups', inventory.hosts.get(name)?.groups ?? []],
      ['variables', new Map(variables)],
    ]),
  );
}

/** By the variables' names, weakest first. */
function originsOf(inventory: Inventory, hostName: string): Map<string, readonly Origin[]> {
  const origins = new Map<string, Origin[]>();
  for (const layer of inventory.hosts.get(hostName)?.layers ?? []) {
    for (const [name, variable] of layer.variables) {
      origins.set(name, [...(origins.get(name) ?? []), ...chain(layer, variable)]);
    }
  }
  return new Map([...origins].sort(([a], [b]) => byCodePoint(a, b)));
}

/** What one owner said, earlier things first. */
function chain({ of }: Layer, variable: Variable): Origin[] {
  const origins: Origin[] = [];
  for (let one: Variable | undefined = variable; one !== undefined; one = one.overrode) {
    origins.unshift({ of, variable: one });
  }
  return origins;
}

function describe({ of, variable }: Origin): [string, PythonValue][] {
  const { file, line, column } = variable.place;
  const value = isHidden(variable) ? REDACTED : typedValue(variable);
  return [
    ['value', unprintable(value) === undefined ? value : variable.text],
    ['text', shown(variable)],
    ['of', of],
    ['file', file],
    ['line', line === undefined ? null : BigInt(line)],
    ['column', column === undefined ? null : BigInt(column)],
  ];
}

function shown(variable: Variable): string {
  if (ciphertextOf(variable) !== undefined) {
    return shortJson(typedValue(variable));
  }
  return isHidden(variable) ? REDACTED : variable.text;
}

function isHidden(variable: Variable): boolean {
  return (
    variable.secret === true || (isPasswordVariable(variable.name) && ciphertextOf(variable) === undefined)
  );
}

function shorten(text: string): string {
  const line = text.replaceAll('\n', '\\n').replaceAll('\t', '\\t');
  return line.length > LONGEST_VALUE ? `${line.slice(0, LONGEST_VALUE - 1)}…` : line;
}

function placeText({ place: { file, line } }: Variable): string {
  return line === undefined ? file : `${file}:${line}`;
}
