import type { Duplex } from 'node:stream';

/**
 * Lets what answers the other side's packets go out together, once per turn of the event loop: ssh2 writes each of its
 * small packets by itself, and a write costs more than what is in it.
 *
 * @param stream after the client's `connect`, which has paused it.
 */
export function joinWrites(stream: Duplex): void {
  let isHeld = false;
  const letGo = () => {
    isHeld = false;
    stream.uncork();
  };
  stream.on('data', () => {
    if (!isHeld) {
      isHeld = true;
      stream.cork();
      setImmediate(letGo);
    }
  });
}
