import test from 'ava';
import { findEngineHost } from '../../../src/cli/engine-view/find-engine-host.ts';
import type { EngineHost } from '../../../src/engine/client/hosts.ts';

const engineHost = (name: string, address: string): EngineHost => ({
  id: name,
  name,
  address,
  status: 'up',
  cluster: undefined,
  type: undefined,
  vdsmVersion: undefined,
  os: undefined,
});
const HOSTS = [
  engineHost('kvm-1', 'kvm-1.example.org'),
  engineHost('kvm-2', '192.0.2.12'),
  engineHost('kvm-3.example.org', '192.0.2.13'),
  engineHost('192.0.2.12', '192.0.2.14'),
];
const found = (name: string, address = name) => findEngineHost({ name, address }, HOSTS)?.id;

test('a host of the inventory is that of the engine with its address or its name', t => {
  t.is(found('kvm-1.example.org'), 'kvm-1', 'its name is the address in the engine');
  t.is(found('anything', 'KVM-1.example.org.'), 'kvm-1', 'by its address, however that is written');
  t.is(found('kvm-1', '10.0.0.1'), 'kvm-1', 'by its name, where the engine reaches it elsewhere');
  t.is(found('kvm-3.example.org', '10.0.0.3'), 'kvm-3.example.org');
});

test('an address goes before a name', t => {
  t.is(found('192.0.2.12'), 'kvm-2');
});

test('a part of a name is none', t => {
  t.is(found('kvm-3'), undefined);
  t.is(found('kvm-1.elsewhere.org'), undefined);
  t.is(found('engine.example.org'), undefined);
});
