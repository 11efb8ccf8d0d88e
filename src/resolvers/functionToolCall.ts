/** The arguments of a call, parsed; null if the model generated invalid JSON. */
export const parsedArgumentsOf = (text: string | null | undefined): unknown => {
  if (text == null) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};
