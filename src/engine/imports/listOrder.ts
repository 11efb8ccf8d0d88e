import type { OrderedTable, ImportWrites } from '../store/imports.ts';

/** The order in which an input has the members of a list. */
export type InputOrder = 'asc' | 'desc';

/** Maximum number of members that are remembered. A thread holds at most as many messages. */
const maxMembers = 100_000;

interface Group {
  readonly table: OrderedTable;
  readonly list: string;
  readonly assumed: InputOrder;
  readonly members: { id: string; time: number }[];
  ascends: boolean;
  descends: boolean;
}

/**
 * Restores the order of lists whose input is not oldest first: `list()` returns the newest first by default, and rows are
 * inserted in the order of the input. Members of one list that follow each other in the input form a group. Their places
 * are exchanged when the group ends, which has the same result however often an input is imported.
 */
export class ListOrder {
  #group: Group | undefined;

  /** Notes the next object of the input; `assumed` is the order if all of the group are of the same second. */
  async add(
    writes: ImportWrites,
    { table, list, id, time }: { table: OrderedTable; list: string; id: string; time: number },
    assumed: InputOrder,
  ): Promise<void> {
    if (this.#group?.table !== table || this.#group.list !== list) {
      await this.end(writes);
      this.#group = { table, list, assumed, members: [], ascends: false, descends: false };
    }
    const { members } = this.#group;
    const before = members.at(-1)?.time;
    if (before !== undefined && before < time) this.#group.ascends = true;
    if (before !== undefined && before > time) this.#group.descends = true;
    if (members.length < maxMembers) members.push({ id, time });
  }

  /** Ends the group, at the end of the input. */
  async end(writes: ImportWrites): Promise<void> {
    const group = this.#group;
    this.#group = undefined;
    if (group === undefined || group.members.length < 2) return;
    const isReversed = group.descends ? !group.ascends : !group.ascends && group.assumed === 'desc';
    if (!group.descends && !isReversed) return;
    const members = isReversed ? group.members.toReversed() : group.members;
    const sorted = members.toSorted((one, other) => one.time - other.time);
    await writes.order(
      group.table,
      sorted.map(({ id }) => id),
    );
  }
}
