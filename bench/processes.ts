import { readdirSync, readFileSync } from "node:fs";

/** What a tree of processes uses. Reads /proc: Linux only. */
export interface Usage {
  /** Resident now. */
  bytes: number;
  /** The sum of each process's own peak: more than they ever held at once. */
  peakBytes: number;
  /** Of processor time, since each began. */
  cpuSeconds: number;
}

const ticksPerSecond = 100;

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    // It ended meanwhile.
    return "";
  }
}

const parentOf = (pid: number) => Number(/^\d+ \(.*\) \S (\d+)/s.exec(read(pid, "stat"))?.[1]);

/** A process and all that it has started, without those (and theirs) whose command line has `except` in it. */
export function treeOf(root: number, except: string): number[] {
  const all = readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
  const parents = new Map(all.map((pid) => [pid, parentOf(pid)]));
  const isOut = (pid: number) => read(pid, "cmdline").includes(except);
  const grow = (pid: number): number[] => [
    pid,
    ...all.filter((each) => parents.get(each) === pid && !isOut(each)).flatMap(grow),
  ];
  return grow(root);
}

function usageOf(pid: number): Usage {
  const status = read(pid, "status");
  const kilobytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0) * 1024;
  const fields = read(pid, "stat")
    .replace(/^.*\) /s, "")
    .split(" ");
  const cpuSeconds = (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / ticksPerSecond;
  return { bytes: kilobytes("VmRSS"), peakBytes: kilobytes("VmHWM"), cpuSeconds };
}

export function usage(pids: readonly number[]): Usage {
  const sum: Usage = { bytes: 0, peakBytes: 0, cpuSeconds: 0 };
  for (const each of pids.map(usageOf)) {
    sum.bytes += each.bytes;
    sum.peakBytes += each.peakBytes;
    sum.cpuSeconds += each.cpuSeconds;
  }
  return sum;
}
