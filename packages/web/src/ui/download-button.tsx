import { Download, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { toast } from "sonner";
import { Button } from "./button.tsx";
import { readFile, saveFile } from "./download.ts";
import { formatCompact } from "./format.ts";

/** Downloads a CSV file, however many parts it comes in; a second press ends it. */
export function DownloadButton({ address, name }: { address: string; name: string }) {
  const [bytes, setBytes] = useState<number>();
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  const start = async () => {
    const controller = new AbortController();
    running.current = controller;
    setBytes(0);
    try {
      saveFile(await readFile(address, { signal: controller.signal, onProgress: setBytes }), name);
    } catch (error) {
      if (!controller.signal.aborted) toast.error(error instanceof Error ? error.message : "The file did not arrive.");
    }
    setBytes(undefined);
  };
  if (bytes === undefined) {
    return (
      <Button look="quiet" size="small" onClick={() => void start()}>
        <Download />
        <span className="max-sm:sr-only">CSV</span>
      </Button>
    );
  }
  return (
    <Button look="quiet" size="small" onClick={() => running.current?.abort()}>
      <X />
      <span className="nums" aria-live="polite">
        Cancel CSV, {formatCompact(bytes)} bytes
      </span>
    </Button>
  );
}
