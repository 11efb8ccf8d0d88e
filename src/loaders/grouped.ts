/** The items by what `group` says of each, in the order that they came. Map.groupBy, which Node 20 has not. */
export const groupedBy = <Item, Group>(items: readonly Item[], group: (item: Item) => Group): Map<Group, Item[]> => {
  const groups = new Map<Group, Item[]>();
  for (const item of items) {
    const name = group(item);
    const known = groups.get(name);
    if (known) known.push(item);
    else groups.set(name, [item]);
  }
  return groups;
};
