/** Maximum number of rows or ids in one statement: SQLite binds at most 32,766 values. */
const chunkSize = 500;

/** The items in parts that fit into one statement. */
export const statementChunks = <Item>(items: readonly Item[]): Item[][] =>
  Array.from({ length: Math.ceil(items.length / chunkSize) }, (_, index) =>
    items.slice(index * chunkSize, (index + 1) * chunkSize),
  );
