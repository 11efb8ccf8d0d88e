/** Microseconds on a clock that all processes of this machine share. */
export const microseconds = (): number => Number(process.hrtime.bigint() / 1000n);

/** The first token of each completion: says when the model sent it. */
export const firstTokenAt = (time: number): string => `@${time}@`;

/** When the model sent the first token in some text, in microseconds; undefined if it is not there. */
export const sentAt = (text: string): number | undefined => {
  const [, time] = /@(\d+)@/.exec(text) ?? [];
  return time === undefined ? undefined : Number(time);
};
