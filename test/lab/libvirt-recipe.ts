import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { debianHash, LAB } from './recipe.ts';

/** What a host with virtual machines has besides; QEMU emulates the processor, so no KVM is needed. */
export const LIBVIRT_PACKAGES = ['libvirt-daemon-system', 'libvirt-clients', 'qemu-system-x86', 'polkitd'];

/** Names the libvirt part of a host by what it is made from: the Debian part, and the users of the lab's own. */
export function libvirtHash(): string {
  const files = ['build-lab.ts', 'build-libvirt.ts'].map(file => readFileSync(join(LAB, file), 'utf8'));
  const parts = JSON.stringify([debianHash(), LIBVIRT_PACKAGES, ...files]);
  return createHash('sha256').update(parts).digest('hex').slice(0, 16);
}
