import type { DataFile } from './data-node.ts';
import { readJsonData } from './json-data.ts';
import { readYamlData } from './yaml-data.ts';

/** Reads a file of YAML or JSON as Ansible does: JSON if it is that, else YAML (lib/ansible/parsing/utils/yaml.py). Pure. */
export function readData(text: string, file: string): DataFile {
  const json = /^\s*[{["]/.test(text) ? readJsonData(text, file) : undefined;
  if (json?.root !== undefined) {
    return json;
  }
  const yaml = readYamlData(text, file);
  return yaml.root === undefined && json !== undefined && file.endsWith('.json') ? json : yaml;
}
