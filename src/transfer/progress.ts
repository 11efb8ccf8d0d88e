/** How far a transfer is. */
export interface TransferState {
  /** 0 to 1; undefined if the total is not known. */
  readonly part: number | undefined;
  /** What has been done, such as `1200 messages`. */
  readonly text: string;
}

const barWidth = 24;
const terminalIntervalMs = 100;
const lineIntervalMs = 10_000;

const shown = ({ part, text }: TransferState) => {
  if (part === undefined) return text;
  const filled = Math.round(part * barWidth);
  return `[${'#'.repeat(filled)}${'-'.repeat(barWidth - filled)}] ${Math.floor(part * 100)} %  ${text}`;
};

/** Reports on standard error. */
export interface ProgressReport {
  /** Writes a line of its own. */
  note(line: string): void;
  /** Ends the report with a last line. */
  end(line: string): void;
}

/** Shows the state: on a terminal as a bar that is updated, otherwise as a line every ten seconds. */
export const reportProgress = (output: NodeJS.WriteStream, state: () => TransferState): ProgressReport => {
  const isTerminal = output.isTTY;
  const clear = isTerminal ? '\r\x1b[K' : '';
  const update = () => output.write(isTerminal ? `${clear}${shown(state())}` : `${shown(state())}\n`);
  const timer = setInterval(update, isTerminal ? terminalIntervalMs : lineIntervalMs);
  timer.unref();
  return {
    note: (line) => void output.write(`${clear}${line}\n`),
    end: (line) => {
      clearInterval(timer);
      output.write(`${clear}${line}\n`);
    },
  };
};
