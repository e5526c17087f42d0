import { ToggleGroup } from "radix-ui";
import { cx } from "./cx.ts";

interface SegmentsProps<Value extends string> {
  label: string;
  value: Value;
  onChange: (value: Value) => void;
  options: { value: Value; label: string }[];
  className?: string;
}

/** One choice of a few, all in sight. */
export function Segments<Value extends string>({ label, value, onChange, options, className }: SegmentsProps<Value>) {
  return (
    <ToggleGroup.Root
      type="single"
      aria-label={label}
      value={value}
      onValueChange={(next) => {
        const option = options.find((candidate) => candidate.value === next);
        if (option) onChange(option.value);
      }}
      className={cx(
        "scroll-quiet flex h-7 max-w-full items-center overflow-x-auto gap-0.5 rounded-md bg-void/70 p-0.5",
        className,
      )}
    >
      {options.map((option) => (
        <ToggleGroup.Item
          key={option.value}
          value={option.value}
          className="h-full shrink-0 whitespace-nowrap rounded-[5px] px-2 text-muted text-xs hover:text-ink data-[state=on]:bg-hover data-[state=on]:font-medium data-[state=on]:text-ink"
        >
          {option.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
