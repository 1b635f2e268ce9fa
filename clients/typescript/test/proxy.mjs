/** A TCP proxy that cuts connections, or holds answers back. */
import { connect, createServer } from 'node:net';

export class Proxy {
  /** Connections that were accepted so far. */
  accepted = 0;
  #pairs = new Set();
  #held = false;

  /** Resolves with a proxy of `target`, on a port of its own. */
  static async to(target) {
    const proxy = new Proxy();
    proxy.server = createServer((near) => proxy.#serve(near, connect(target, '127.0.0.1')));
    await new Promise((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    proxy.port = proxy.server.address().port;
    return proxy;
  }

  /** Resets every connection; returns how many there were. */
  cut() {
    const pairs = [...this.#pairs];
    for (const [near, far] of pairs) {
      near.resetAndDestroy();
      far.destroy();
    }
    return pairs.length;
  }

  /** From now on no answers pass. */
  stall() {
    this.#held = true;
    for (const [, far] of this.#pairs) far.pause();
  }

  /** Undoes `stall`. */
  flow() {
    this.#held = false;
    for (const [, far] of this.#pairs) far.resume();
  }

  close() {
    this.cut();
    this.server.close();
  }

  #serve(near, far) {
    this.accepted += 1;
    const pair = [near, far];
    this.#pairs.add(pair);
    for (const [one, other] of [pair, [far, near]]) {
      one.on('data', (data) => other.write(data));
      one.on('error', () => undefined);
      one.on('close', () => {
        this.#pairs.delete(pair);
        other.destroy();
      });
    }
    if (this.#held) far.pause();
  }
}
