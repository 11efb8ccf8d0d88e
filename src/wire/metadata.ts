/** How much metadata an object takes. Lengths are in characters (code points). */
export const metadataLimits = { pairs: 16, keyLength: 64, valueLength: 512 } as const;
