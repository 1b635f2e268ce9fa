/** The builder of workflows: nodes are made one by one, and what uses a result of a node needs that node. */
import { jsonOf, type Schemas } from './calls.js';
import { InvalidWorkflow } from './errors.js';
import { payloadOf, timeOf, type Payload, type PlainOptions, type RunIf } from './types.js';

const ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
/** What the first part of a path means inside a map. */
const OF_MAPS = ['item', 'index'];

/**
 * Stands for a value that is not there yet: of the result of a node, or of an item of a map. It goes into a payload as it
 * is; it has no value here, so it cannot be part of a text or a sum.
 */
export class Reference {
  /** The path as the API takes it, such as `fetch.result.files`. */
  readonly path: string;

  /** @internal */
  constructor(path: string) {
    this.path = path;
  }

  /** Stands for what is in it, by names and indexes. Throws `InvalidWorkflow` for a name with dots. */
  at(...parts: (string | number)[]): Reference {
    for (const part of parts) {
      const isPart = typeof part === 'number' ? Number.isInteger(part) && part >= 0 : part !== '' && !part.includes('.');
      if (!isPart) throw new InvalidWorkflow(`${JSON.stringify(part)} cannot be part of a path: a name without dots, or an index from 0`);
    }
    return new Reference([this.path, ...parts].join('.'));
  }

  /** Returns it as it stands in a payload. */
  toJSON(): { $from: string } {
    return { $from: this.path };
  }

  /** Throws `TypeError`: it has no value before the workflow runs. */
  [Symbol.toPrimitive](): never {
    throw new TypeError(`${this.path} has no value before the workflow runs; put it into a payload as it is`);
  }
}

/** In a node with a map: the item of the list. */
export const ITEM = new Reference('item');
/** In a node with a map: the position of the item, from 0. */
export const INDEX = new Reference('index');

/** A list, and how a node makes jobs of it. */
export interface MapOptions extends Omit<Schemas['MapIn'], 'from'> {
  /** The list. */
  from: Reference | string;
}

/** Options of a node. */
export interface NodeOptions extends PlainOptions {
  /** Nodes that must have ended, besides those whose results it uses. */
  needs?: readonly (Node | string)[];
  /** How they must end, by default all completed; otherwise the node is skipped. */
  runIf?: RunIf;
  /** Makes a job of the node for each item of a list. */
  map?: Reference | string | MapOptions;
}

/** A node of a workflow, as `Workflow.node` makes it. */
export class Node {
  readonly id: string;
  /** The node as it is sent. */
  readonly document: Schemas['NodeIn'];
  /** The paths that its payload and its map refer to. */
  readonly paths: readonly string[];

  /** @internal */
  constructor(document: Schemas['NodeIn'], paths: readonly string[]) {
    this.id = document.id;
    this.document = document;
    this.paths = paths;
  }

  /** Stands for what the node's task returns. Throws `InvalidWorkflow` for a map, which has `results`. */
  get result(): Reference {
    if (this.document.map) throw new InvalidWorkflow(`The node ${this.id} has a map: use its results, a list in order`);
    return new Reference(`${this.id}.result`);
  }

  /** Stands for what the jobs of a map return, in order. Throws `InvalidWorkflow` for a node without a map. */
  get results(): Reference {
    if (!this.document.map) throw new InvalidWorkflow(`The node ${this.id} has no map: use its result`);
    return new Reference(`${this.id}.results`);
  }
}

/** A graph of jobs that use each other's results. Submit it with `client.workflows.submit`, as often as wanted. */
export class Workflow {
  readonly name: string;
  readonly #nodes = new Map<string, Node>();

  constructor(name: string) {
    this.name = name;
  }

  /** The nodes in the order in which they were added. */
  get nodes(): Node[] {
    return [...this.#nodes.values()];
  }

  /**
   * Adds a node that runs `task`, and returns it. It needs the nodes of `needs`, and those whose results its payload or map
   * uses. Throws `InvalidWorkflow` for an id that is taken or is none.
   */
  node(id: string, task: string, payload?: Payload, { needs = [], map, runAt, ...options }: NodeOptions = {}): Node {
    if (!ID.test(id) || OF_MAPS.includes(id)) {
      throw new InvalidWorkflow(`${JSON.stringify(id)} is no id of a node: 1 to 64 letters, digits, _ or -, not item or index`);
    }
    if (this.#nodes.has(id)) throw new InvalidWorkflow(`There are two nodes ${id}`);
    const sent = payload && payloadOf(JSON.parse(jsonOf(payload)) as object);
    const mapped = map === undefined ? undefined : mapBody(map);
    const paths = [...pathsOf(sent), ...(mapped ? [mapped.from] : [])];
    const implied = paths.map(sourceOf).filter((source) => !OF_MAPS.includes(source));
    const all = [...new Set([...needs.map((each) => (typeof each === 'string' ? each : each.id)), ...implied])];
    const node = new Node({ id, task, ...options, payload: sent, runAt: timeOf(runAt), map: mapped, needs: all }, paths);
    this.#nodes.set(id, node);
    return node;
  }

  /** Returns it as `POST /workflows` takes it. Throws `InvalidWorkflow` if it cannot run: no nodes, unknown ones, a cycle, bad references. */
  toJSON(): Schemas['CreateWorkflow'] {
    if (this.#nodes.size === 0) throw new InvalidWorkflow(`The workflow ${this.name} has no nodes`);
    for (const node of this.nodes) {
      for (const need of node.document.needs ?? []) {
        if (!this.#nodes.has(need)) throw new InvalidWorkflow(`The node ${node.id} needs ${need}, which is no node of ${this.name}`);
      }
      for (const path of node.paths) this.#checkPath(node, path);
    }
    const cycle = this.#cycle();
    if (cycle.length > 0) throw new InvalidWorkflow(`Nodes need each other in a cycle: ${cycle.join(' → ')}`);
    return { name: this.name, nodes: this.nodes.map(({ document }) => document) };
  }

  #checkPath(node: Node, path: string): void {
    const [source = '', ...rest] = path.split('.');
    if (OF_MAPS.includes(source)) {
      if (!node.document.map) throw new InvalidWorkflow(`${path} has a meaning only in a node with a map, not in ${node.id}`);
      return;
    }
    const right = this.#nodes.get(source)?.document.map ? 'results' : 'result';
    if (rest[0] !== right || rest.includes('')) throw new InvalidWorkflow(`${path} in ${node.id} is no reference: ${source} has ${right}`);
  }

  /** Returns nodes that need each other, the first one again at the end; none if there is no cycle. */
  #cycle(): string[] {
    const left = new Map(this.nodes.map((node) => [node.id, new Set(node.document.needs)]));
    for (let free = ['']; free.length > 0; ) {
      free = [...left].filter(([, needs]) => needs.size === 0).map(([id]) => id);
      for (const id of free) {
        left.delete(id);
        for (const needs of left.values()) needs.delete(id);
      }
    }
    const walk: string[] = [];
    for (let [id] = left.keys(); id !== undefined; [id] = left.get(id) ?? []) {
      const begin = walk.indexOf(id);
      walk.push(id);
      if (begin >= 0) return walk.slice(begin);
    }
    return [];
  }
}

function mapBody(map: Reference | string | MapOptions): Schemas['MapIn'] {
  const { from, ...bounds } = map instanceof Reference || typeof map === 'string' ? { from: map } : map;
  return { ...bounds, from: typeof from === 'string' ? from : from.path };
}

function sourceOf(path: string): string {
  return path.split('.')[0] ?? '';
}

/** Returns the paths of the references in a payload as it is sent. */
function pathsOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('$from' in value && typeof value.$from === 'string') return [value.$from];
  return Object.values(value).flatMap(pathsOf);
}
