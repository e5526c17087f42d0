interface Line {
  part: string;
  step: string;
  outcome: "passed" | "FAILED" | "not reached";
  seconds: number;
  detail: string;
}

/** What was tried, in order, and what came of it. */
export class Report {
  readonly #lines: Line[] = [];

  get failed(): boolean {
    return this.#lines.length === 0 || this.#lines.some(({ outcome }) => outcome !== "passed");
  }

  /** Steps of a part build on one another: after one that failed the others are not tried. */
  part(part: string) {
    let broken = false;
    return async (step: string, work: () => Promise<string>): Promise<void> => {
      if (broken) {
        this.#lines.push({ part, step, outcome: "not reached", seconds: 0, detail: "" });
        return;
      }
      const startedAt = performance.now();
      let line: Pick<Line, "outcome" | "detail">;
      try {
        line = { outcome: "passed", detail: await work() };
      } catch (error) {
        broken = true;
        line = { outcome: "FAILED", detail: error instanceof Error ? error.message : String(error) };
      }
      const seconds = (performance.now() - startedAt) / 1000;
      this.#lines.push({ part, step, seconds, ...line });
      console.log(`${line.outcome === "passed" ? "✓" : "✗"} ${part}: ${step} (${seconds.toFixed(0)} s) ${line.detail}`);
    };
  }

  table(): string {
    const rows = this.#lines.map(({ part, step, outcome, seconds, detail }) => {
      const [firstLine = ""] = detail.split("\n");
      return `| ${part} | ${step} | ${outcome} | ${seconds.toFixed(0)} s | ${firstLine} |`;
    });
    return ["", "| part | step | outcome | time | detail |", "| --- | --- | --- | --- | --- |", ...rows, ""].join("\n");
  }
}
