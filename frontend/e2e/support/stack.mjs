/** A whole local stack in a folder and on ports of its own: `python -m infra.local up`. */
import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { waitUntil } from './wait.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const python = process.env.PYTHON_BIN ?? join(root, '.venv/bin/python');
const START_MS = 90_000;

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

export class Stack {
  #process;

  constructor(env = {}) {
    this.env = env;
    this.home = mkdtempSync(join(tmpdir(), 'queuecraft-ui-'));
  }

  /** Starts, or starts again with the same ports and data; resolves when it is ready. */
  async start(tries = 3) {
    try {
      await this.#startOnce();
    } catch (error) {
      // Between finding a free port and taking it, something else on the machine can.
      if (tries <= 1 || !/already in use|is taken/i.test(error.message)) throw error;
      await this.start(tries - 1);
    }
  }

  async #startOnce() {
    this.ports ??= await Promise.all([freePort(), freePort(), freePort(), freePort()]);
    const [api, ws, aws, ui] = this.ports;
    this.url = `http://localhost:${ui}`;
    const log = openSync(join(this.home, 'output.log'), 'a');
    this.#process = spawn(python, ['-m', 'infra.local', 'up', '--no-reload'], {
      cwd: root,
      stdio: ['ignore', log, log],
      env: { ...process.env, PORT: api, WS_PORT: ws, AWS_PORT: aws, UI_PORT: ui, QUEUECRAFT_HOME: this.home, ...this.env },
    });
    closeSync(log);
    await waitUntil(() => this.#isReady(), { ms: START_MS, what: () => `the stack to be ready:\n${this.output().slice(-4000)}` });
  }

  #isReady() {
    if (this.#process.exitCode !== null) throw new Error(`The stack ended:\n${this.output().slice(-4000)}`);
    try {
      const run = JSON.parse(readFileSync(join(this.home, 'run.json'), 'utf8'));
      return run.pid === this.#process.pid && run.ready;
    } catch {
      return false;
    }
  }

  output() {
    return readFileSync(join(this.home, 'output.log'), 'utf8');
  }

  /** The operator that the first start made; its password is told only then. */
  operator() {
    const [, email, password] = /e-mail +(\S+)\s+password +(\S+)/.exec(this.output());
    return { email, password };
  }

  async stop() {
    const process = this.#process;
    if (!process || process.exitCode !== null) return;
    const ended = new Promise((resolve) => process.once('exit', resolve));
    process.kill('SIGTERM');
    await ended;
  }

  /** Stops the process that serves every port, without ending it. */
  freeze() {
    this.#process.kill('SIGSTOP');
  }

  thaw() {
    this.#process.kill('SIGCONT');
  }

  async remove() {
    await this.stop();
    rmSync(this.home, { recursive: true, force: true });
  }
}
