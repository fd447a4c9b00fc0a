import type { HookPoint } from '../../catalog/events.ts';
import { InputError } from '../../core/input-error.ts';
import { isNetworkEvent } from '../new/new-hook.ts';
import { sampleFor } from '../new/samples.ts';
import type { Properties } from './property.ts';
import { type Json, pythonJson, readJson } from './read-json.ts';
import { readXml } from './read-xml.ts';

/** What the scripts of an event find in their file. */
export interface EventInput {
  readonly text: string;
  /** As a noun, for people. */
  readonly given: string;
  /** Of the VM, as far as it is told. */
  readonly vmId: string;
}

/** A file of the user's. */
export interface GivenFile {
  readonly path: string;
  readonly text: string;
}

const SOME_VM = '6a7b4ba9-5a8f-4c5e-9d7e-0c1f5a0f3b21';

/**
 * The input of an event: what the user gives, or a sample of the kind that VDSM gives. In the sample of a domain the VM's
 * custom properties stand in the metadata too, as the engine writes them there (vdsm: lib/vdsm/virt/metadata.py); those of
 * networks always go into the JSON, which is where VDSM has them.
 *
 * @throws {InputError} for a file that is not what VDSM would give.
 */
export function eventInput(
  point: HookPoint,
  file: GivenFile | undefined,
  properties: Properties,
): EventInput {
  const sample = sampleFor(point);
  const kind = { domain: 'a domain', device: 'a device', json: 'JSON', empty: 'an empty file' }[point.input];
  if (point.input === 'empty') {
    if (file !== undefined) {
      throw wrong(file, `has no use: the scripts of ${point.name} get an empty file`, 'Leave --domxml out.');
    }
    return { text: '', given: kind, vmId: SOME_VM };
  }
  const text = file?.text ?? sample?.text ?? '';
  const given = file === undefined ? `a sample of ${kind}` : file.path;
  if (point.input === 'json') {
    return { text: jsonInput(point, text, file, properties), given, vmId: SOME_VM };
  }
  if (file === undefined) {
    return { text: withMetadata(text, properties), given, vmId: SOME_VM };
  }
  checkXml(point, file);
  const vmId = /<uuid>\s*([0-9A-Fa-f-]{36})\s*<\/uuid>/.exec(text)?.[1] ?? SOME_VM;
  return { text, given, vmId: point.input === 'domain' ? vmId : SOME_VM };
}

function checkXml(point: HookPoint, file: GivenFile): void {
  const read = readXml(file.text);
  if ('fault' in read) {
    throw new InputError([
      { place: { file: file.path, line: read.line }, message: `is no well-formed XML: ${read.fault}` },
    ]);
  }
  const isDomain = read.root === 'domain';
  if (isDomain !== (point.input === 'domain')) {
    const message = `is a <${read.root}>, and VDSM gives the scripts of ${point.name} ${isDomain ? 'one device alone' : 'a whole domain'}`;
    throw wrong(file, message, `hookfleet hooks events ${point.name} tells more.`);
  }
}

function jsonInput(
  point: HookPoint,
  text: string,
  file: GivenFile | undefined,
  properties: Properties,
): string {
  const read = readJson(text);
  if ('fault' in read) {
    throw wrong(file, `is no JSON: ${read.fault}`, `VDSM gives the scripts of ${point.name} JSON.`);
  }
  const own = properties.size > 0 && isNetworkEvent(point);
  return pythonJson(own ? withCustom(read.value, properties) : read.value);
}

/** Adds properties to every network of a request. */
function withCustom(value: Json, properties: Properties): Json {
  return change(value, 'request', request =>
    change(request, 'networks', networks =>
      isObject(networks)
        ? Object.fromEntries(
            Object.entries(networks).map(([name, network]) => [
              name,
              isObject(network)
                ? {
                    ...network,
                    custom: {
                      ...(isObject(network.custom) ? network.custom : {}),
                      ...Object.fromEntries(properties),
                    },
                  }
                : network,
            ]),
          )
        : networks,
    ),
  );
}

function change(value: Json, key: string, to: (below: Json) => Json): Json {
  return isObject(value) && value[key] !== undefined ? { ...value, [key]: to(value[key]) } : value;
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function withMetadata(domain: string, properties: Properties): string {
  const own = [...properties].map(
    ([name, value]) => `        <ovirt-vm:${name}>${escaped(value)}</ovirt-vm:${name}>\n`,
  );
  return own.length === 0
    ? domain
    : domain.replace(
        / *<\/ovirt-vm:vm>/,
        end => `      <ovirt-vm:custom>\n${own.join('')}      </ovirt-vm:custom>\n${end}`,
      );
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function wrong(file: GivenFile | undefined, message: string, hint: string): InputError {
  return new InputError([{ ...(file === undefined ? {} : { place: { file: file.path } }), message, hint }]);
}
