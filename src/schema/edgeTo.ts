/** The description of an edge from one object to another: they differ in what stands at its end, and in nothing else. */
export const edgeTo = (target: string) =>
  `${target} Null where it has been deleted. Selecting nothing but ids costs no REST call, and so does not tell whether it still exists.`;
