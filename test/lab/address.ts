import { createServer, type Server } from 'node:net';

/** An address of the loopback network that no other lab host has, in this process or another. */
export interface Claim {
  readonly address: string;
  release(): void;
}

/** Nobody listens here. Being bound is the claim, so the kernel gives it back when the process dies. */
const CLAIM_PORT = 1;
const SSH_PORT = 22;

/** Takes the next free one of 127.0.2.1 to 127.0.9.254. */
export async function claimAddress(): Promise<Claim> {
  for (let third = 2; third <= 9; third++) {
    for (let last = 1; last <= 254; last++) {
      const address = `127.0.${third}.${last}`;
      const claim = await listen(address, CLAIM_PORT);
      if (claim) {
        // A host whose test process was killed may still have its sshd there.
        const ssh = await listen(address, SSH_PORT);
        ssh?.close();
        if (ssh) {
          return { address, release: () => claim.close() };
        }
        claim.close();
      }
    }
  }
  throw new Error('All addresses of the lab are taken');
}

function listen(host: string, port: number): Promise<Server | undefined> {
  return new Promise(resolve => {
    const server = createServer(socket => socket.destroy());
    server.unref();
    server.once('error', () => resolve(undefined));
    server.listen({ host, port, exclusive: true }, () => resolve(server));
  });
}
