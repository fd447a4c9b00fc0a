import type { YAMLError } from 'yaml';
import type { Problem } from '../core/input-error.ts';

const QUOTE_HINT =
  'Put a value that holds one of [ ] { } # & * ! | > % @ ` or ": " in single quotes; a regular expression always.';

/** Says in plain words what the YAML parser found in a line, and what to do about it. */
export function explainYamlError({ code, message }: YAMLError, line: string): Problem {
  if (/^ *\t/.test(line)) {
    return { message: 'broken YAML: a tab is used as indentation', hint: 'Indent with blanks.' };
  }
  switch (code) {
    case 'MULTIPLE_DOCS':
      return {
        message: 'a second YAML document begins here; a playbook is one document',
        hint: 'Put all plays into one list, without "---" or "..." between them.',
      };
    case 'BAD_DQ_ESCAPE':
      return {
        message: `broken YAML: ${lowerFirst(message)} in double quotes`,
        hint: 'Put it in single quotes: nothing is escaped there, so a regular expression stays as it is.',
      };
    case 'NON_STRING_KEY':
      return { message: 'the key of a mapping must be plain text', hint: QUOTE_HINT };
    case 'TAG_RESOLVE_FAILED':
      return { message: `a playbook has no YAML tags: ${lowerFirst(message)}` };
    case 'RESOURCE_EXHAUSTION':
      return { message: 'broken YAML: it is nested too deeply' };
    case 'BAD_INDENT':
    case 'BAD_SCALAR_START':
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'MISSING_CHAR':
    case 'UNEXPECTED_TOKEN':
      return { message: `broken YAML: ${lowerFirst(message)}`, hint: QUOTE_HINT };
    default:
      return { message: `broken YAML: ${lowerFirst(message)}` };
  }
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
