/** The items by the group that `group` returns, in their order. As Map.groupBy, which Node 20 lacks. */
export const groupBy = <Item, Group>(items: readonly Item[], group: (item: Item) => Group): Map<Group, Item[]> => {
  const groups = new Map<Group, Item[]>();
  for (const item of items) {
    const name = group(item);
    const known = groups.get(name);
    if (known) known.push(item);
    else groups.set(name, [item]);
  }
  return groups;
};
