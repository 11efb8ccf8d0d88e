import { encodeCursor } from './cursor.ts';

/** A Relay connection. Its edges and cursors are created only when they are read. */
export class Connection<Item extends { id: string }> {
  readonly nodes: readonly Item[];
  readonly pageInfo: PageInfo;
  readonly #list: string;
  #edges: Edge<Item>[] | undefined;

  /** `list` is the name of the list in its cursors. */
  constructor(nodes: readonly Item[], list: string, hasPreviousPage: boolean, hasNextPage: boolean) {
    this.nodes = nodes;
    this.pageInfo = new PageInfo(nodes, list, hasPreviousPage, hasNextPage);
    this.#list = list;
  }

  get edges(): readonly Edge<Item>[] {
    this.#edges ??= this.nodes.map((node) => new Edge(node, this.#list));
    return this.#edges;
  }
}

/** An item with its cursor, which is encoded only when it is read. */
export class Edge<Item extends { id: string }> {
  readonly node: Item;
  readonly #list: string;

  constructor(node: Item, list: string) {
    this.node = node;
    this.#list = list;
  }

  get cursor(): string {
    return encodeCursor(this.#list, this.node.id);
  }
}

/** The `pageInfo` of a connection. */
class PageInfo {
  readonly hasPreviousPage: boolean;
  readonly hasNextPage: boolean;
  readonly #nodes: readonly { id: string }[];
  readonly #list: string;

  constructor(nodes: readonly { id: string }[], list: string, hasPreviousPage: boolean, hasNextPage: boolean) {
    this.hasPreviousPage = hasPreviousPage;
    this.hasNextPage = hasNextPage;
    this.#nodes = nodes;
    this.#list = list;
  }

  get startCursor(): string | null {
    return this.#cursorOf(this.#nodes[0]);
  }

  get endCursor(): string | null {
    return this.#cursorOf(this.#nodes.at(-1));
  }

  #cursorOf(node: { id: string } | undefined) {
    return node === undefined ? null : encodeCursor(this.#list, node.id);
  }
}
