import type { OrderedTable, ImportWrites } from '../store/access/imports.ts';

/** The order in which an input has the members of a list. */
export type InputOrder = 'asc' | 'desc';

/** Maximum number of members that are remembered, of all lists. A thread holds at most as many messages. */
const maxMembers = 100_000;

interface Group {
  readonly table: OrderedTable;
  /** Of the object whose list it is; empty if it is of none. */
  readonly parentId: string;
  readonly assumed: InputOrder;
  /** Times by id, in the order of the input. An object that is repeated has its first place. */
  readonly members: Map<string, number>;
  ascends: boolean;
  descends: boolean;
  latest: number;
}

/**
 * Restores the order of lists whose input is not oldest first: `list()` returns the newest first by default, and rows are
 * inserted in the order of the input. The members of one list form a group, also if the input has others in between: runs are
 * often followed by their steps. Their places are exchanged when the group ends, which has the same result however often an
 * input is imported.
 */
export class ListOrder {
  /** The group that the last object belongs to is last. */
  readonly #groups = new Map<string, Group>();
  #size = 0;

  /** Notes the next object of the input; `assumed` is the order if all of the group are of the same second. */
  async add(
    writes: ImportWrites,
    { table, parentId, id, time }: { table: OrderedTable; parentId: string; id: string; time: number },
    assumed: InputOrder,
  ): Promise<void> {
    if (this.#size >= maxMembers) await this.#endOldest(writes);
    const key = `${table} ${parentId}`;
    const group = this.#groups.get(key) ?? {
      table,
      parentId,
      assumed,
      members: new Map<string, number>(),
      ascends: false,
      descends: false,
      latest: time,
    };
    this.#groups.delete(key);
    this.#groups.set(key, group);
    if (group.members.has(id)) return;
    if (group.latest < time) group.ascends = true;
    if (group.latest > time) group.descends = true;
    group.latest = time;
    group.members.set(id, time);
    this.#size += 1;
  }

  /** Ends all groups, at the end of the input. */
  async end(writes: ImportWrites): Promise<void> {
    while (this.#groups.size > 0) await this.#endOldest(writes);
  }

  async #endOldest(writes: ImportWrites): Promise<void> {
    const [oldest] = this.#groups;
    if (oldest === undefined) return;
    const [key, { table, parentId, members, assumed, ascends, descends }] = oldest;
    this.#groups.delete(key);
    this.#size -= members.size;
    if (members.size < 2) return;
    const isReversed = descends ? !ascends : !ascends && assumed === 'desc';
    if (!descends && !isReversed) return;
    const inOrder = isReversed ? [...members].toReversed() : [...members];
    const sorted = inOrder.toSorted(([, one], [, other]) => one - other);
    await writes.order(
      table,
      parentId,
      sorted.map(([id]) => id),
    );
  }
}
