import type { Place, Problem } from '../core/input-error.ts';
import { didYouMean } from '../core/suggest.ts';
import { readHostNames } from './host-name.ts';
import type { Variable } from './inventory.ts';
import { readLiteral } from './python-literal.ts';
import type { Part, SectionStatement, Statement } from './statement.ts';
import { splitWords } from './words.ts';

const PARTS: readonly Part[] = ['hosts', 'children', 'vars'];
const HEADER_FORM = 'A header reads [group], [group:children] or [group:vars]; no spaces within the brackets';
/** How a YAML or JSON inventory begins. */
const FOREIGN_START = /^(?:---|\{|all:\s*(?:#.*)?$)/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the line ends of Python's str.splitlines, which Ansible goes by
const LINE_END = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/;

/**
 * Reads the lines of one INI inventory by Ansible's grammar (lib/ansible/plugins/inventory/ini.py). Pure; `file` is
 * only for the places. What cannot be read is a problem, and the other lines are read on.
 */
export function readIni(text: string, file: string): { statements: Statement[]; problems: Problem[] } {
  const statements: Statement[] = [];
  const problems: Problem[] = [];
  let section: { group: string; part: Part } | undefined = { group: 'ungrouped', part: 'hosts' };
  const lines = text.replace(/^\ufeff/, '').split(LINE_END);
  for (const [i, untrimmed] of lines.entries()) {
    const line = untrimmed.trim();
    const place = { file, line: i + 1 };
    if (line === '' || line.startsWith('#') || line.startsWith(';')) {
      continue;
    }
    if (statements.length + problems.length === 0 && FOREIGN_START.test(line)) {
      return { statements, problems: [foreignFormat(line, place)] };
    }
    const header = readHeader(line, place);
    // Lines below a header that cannot be read are passed over: nobody knows what they are.
    const found = header ?? (section && readEntry(line, section.group, section.part, place));
    if (header !== undefined) {
      section = 'message' in header ? undefined : header;
    }
    if (found !== undefined && 'message' in found) {
      problems.push({ place, ...found });
    } else if (found !== undefined) {
      statements.push(found);
    }
  }
  return { statements, problems };
}

type Fault = Pick<Problem, 'message' | 'hint'>;

function foreignFormat(line: string, place: Place): Problem {
  return {
    place,
    message: `This is no INI inventory: it begins with "${line}"`,
    hint: 'A YAML inventory has the ending .yml, .yaml or .json, or none',
  };
}

/** A section header, a faulty one, or undefined for any other line. */
function readHeader(line: string, place: Place): SectionStatement | Fault | undefined {
  const [header, group = '', part = 'hosts'] =
    /^\[([^:\]\s]+)(?::([^:\]\s]*))?\]\s*(?:#.*)?$/.exec(line) ?? [];
  if (header === undefined) {
    return line.startsWith('[') && (line.endsWith(']') || /^\[[^\]]*(?:$|\]\s*[#;])/.test(line))
      ? { message: `Not a section header: "${line}"`, hint: headerHint(line) }
      : undefined;
  }
  const known = PARTS.find(name => name === part);
  if (known === undefined) {
    const meant = didYouMean(part, PARTS);
    return {
      message: `Unknown section type "${part}" in [${group}:${part}]`,
      hint: meant === undefined ? HEADER_FORM : `Did you mean [${group}:${meant}]?`,
    };
  }
  return { kind: 'section', group, part: known, place };
}

function headerHint(line: string): string {
  if (/^\[[^\]]+\]\s*;/.test(line)) {
    return 'Behind a header only # begins a comment';
  }
  return /\].*\[|:/.test(line)
    ? `${HEADER_FORM}. A host line that begins and ends with a bracket needs a comment or variable behind it`
    : HEADER_FORM;
}

function readEntry(line: string, group: string, part: Part, place: Place): Statement | Fault {
  if (part === 'hosts') {
    return readHosts(line, group, place);
  }
  if (part === 'children') {
    const [, child] = /^([^:\]\s]+)\s*(?:#.*)?$/.exec(line) ?? [];
    return child === undefined
      ? {
          message: `Not a group name: "${line}"`,
          hint: `Below [${group}:children] each line is the name of one group`,
        }
      : { kind: 'child', group, child, place };
  }
  const variable = readAssignment(line.replace(/\s*=\s*/, '='), place);
  return variable === undefined
    ? { message: `Not a variable: "${line}"`, hint: `Below [${group}:vars] each line reads name=value` }
    : { kind: 'variable', group, variable, place };
}

function readHosts(line: string, group: string, place: Place): Statement | Fault {
  const split = splitWords(line);
  if ('open' in split) {
    return split.open === '\\'
      ? {
          message: 'Nothing follows the backslash at the end of the line',
          hint: 'Write it twice, or in single quotes',
        }
      : {
          message: `The quote ${split.open} in column ${split.column} is not closed`,
          hint: 'Close it on the same line, or put a backslash before it',
        };
  }
  const [word = '', ...assignments] = split.words;
  const names = readHostNames(word);
  if ('message' in names) {
    return names;
  }
  const variables: Variable[] = [];
  for (const assignment of assignments) {
    const variable = readAssignment(assignment, place);
    if (variable === undefined) {
      return {
        message: `"${assignment}" is not name=value`,
        hint: 'Behind the host name each word reads name=value, without blanks around "="; quote a value that holds blanks',
      };
    }
    variables.push(variable);
  }
  return { kind: 'hosts', group, ...names, variables, place };
}

function readAssignment(text: string, place: Place): Variable | undefined {
  const equals = text.indexOf('=');
  if (equals < 1) {
    return undefined;
  }
  const source = text.slice(equals + 1);
  return { name: text.slice(0, equals), source, text: readLiteral(source)?.text ?? source, place };
}
