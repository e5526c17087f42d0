import { cva, type VariantProps } from "class-variance-authority";
import { Slot } from "radix-ui";
import type { ComponentProps } from "react";
import { cx } from "./cx.ts";

const button = cva(
  "inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md font-medium transition-colors disabled:opacity-45 aria-disabled:opacity-45 [&_svg]:size-3.5 [&_svg]:shrink-0",
  {
    variants: {
      look: {
        primary: "bg-accent text-on-accent hover:bg-accent-strong",
        plain: "border border-line bg-raised text-ink hover:border-line-strong hover:bg-hover",
        quiet: "text-soft hover:bg-hover hover:text-ink aria-expanded:bg-hover aria-expanded:text-ink",
        danger: "border border-failed/40 bg-failed/10 text-failed hover:bg-failed/20",
      },
      size: {
        small: "h-7 px-2 text-xs",
        medium: "h-8 px-3 text-[0.8125rem]",
        large: "h-11 px-5 text-sm",
        icon: "size-8 p-0",
        "small-icon": "size-7 p-0",
      },
    },
    defaultVariants: { look: "plain", size: "medium" },
  },
);

type ButtonProps = ComponentProps<"button"> & VariantProps<typeof button> & { asChild?: boolean };

export function Button({ asChild, look, size, className, ...props }: ButtonProps) {
  const classes = cx(button({ look, size }), className);
  if (asChild) return <Slot.Root className={classes} {...props} />;
  return <button type="button" className={classes} {...props} />;
}
