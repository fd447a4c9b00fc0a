import type { Problem } from '../core/input-error.ts';
import { readData } from './data-file.ts';
import { type EngineReply, readEngineInventory } from './engine-inventory.ts';
import { readHostList } from './host-list.ts';
import { readIni } from './ini.ts';
import { readScript, type ScriptReply } from './script-inventory.ts';
import type { Statement, Statements } from './statement.ts';
import { readYamlInventory } from './yaml-inventory.ts';

/** One inventory as it was read from a file, a program, an engine or the command line. */
export type Source = InventoryFile | ScriptReply | EngineReply | HostList;

/** `file` is what places in errors call it. */
export interface InventoryFile {
  readonly file: string;
  readonly text: string;
  /** It was encrypted: none of its values is ever shown. */
  readonly secret?: boolean;
}

/** `-i host1,host2,` */
export interface HostList {
  readonly hostList: string;
}

/** Endings of files that Ansible tries to read as YAML before it tries INI; a file without an ending too. */
const YAML_ENDING = /\.(?:ya?ml|json)$/;

/** Reads one source, in whatever form it is. Pure. */
export function readSource(source: Source): Statements {
  if ('hostList' in source) {
    return readHostList(source.hostList);
  }
  if ('engineHosts' in source) {
    return readEngineInventory(source);
  }
  if ('root' in source) {
    return readScript(source);
  }
  const read = readText(source);
  const notRun = source.text.startsWith('#!') && read.problems.length > 0 ? [notExecutable(source.file)] : [];
  return {
    statements: source.secret ? read.statements.map(withoutShowing) : read.statements,
    problems: [...notRun, ...read.problems],
    warnings: read.warnings,
  };
}

function readText({ file, text }: InventoryFile): Statements {
  if (file.endsWith('.toml')) {
    const message = 'TOML inventories are not read';
    return {
      statements: [],
      problems: [{ place: { file }, message, hint: 'Write it as YAML or INI' }],
      warnings: [],
    };
  }
  if (!looksLikeYaml(file, text)) {
    return { ...readIni(text, file), warnings: [] };
  }
  const { root, problems, warnings } = readData(text, file);
  if (root === undefined) {
    return { statements: [], problems, warnings };
  }
  const read = readYamlInventory(root, file);
  return { ...read, warnings: [...warnings, ...read.warnings] };
}

/** Ansible tries one reader after the other; here the first line that says something decides. */
function looksLikeYaml(file: string, text: string): boolean {
  const first = /^(?:\ufeff)?(?:[ \t]*(?:[#;].*)?(?:\r?\n|$))*(.*)/.exec(text)?.[1]?.trim() ?? '';
  if (YAML_ENDING.test(file)) {
    return first !== '' && !/^\[[^\],]*\]\s*(?:#.*)?$/.test(first);
  }
  const hasEnding = /[^./]\.[^./]*$/.test(file);
  return !hasEnding && /^(?:---|%YAML|\{|(?:"[^"]*"|'[^']*'|[^\s"'[{=][^\s=]*?)\s*:(?:\s|$))/.test(first);
}

function notExecutable(file: string): Problem {
  return {
    place: { file, line: 1 },
    message: 'The file begins with #!, but it is not executable, so it is read as text',
    hint: 'If it is a program that prints an inventory: chmod +x',
  };
}

function withoutShowing(statement: Statement): Statement {
  switch (statement.kind) {
    case 'hosts':
      return { ...statement, variables: statement.variables.map(one => ({ ...one, secret: true as const })) };
    case 'variable':
      return { ...statement, variable: { ...statement.variable, secret: true } };
    default:
      return statement;
  }
}
