import { cx } from "./cx.ts";

/** The product's sign: a T over a planet's limb. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg
      viewBox="0 0 32 32"
      aria-hidden="true"
      fill="none"
      strokeLinecap="round"
      className={cx("size-6 text-accent", className)}
    >
      <path d="M6 9h20M16 9v15" stroke="currentColor" strokeWidth="3.2" />
      <path
        d="M9.5 16.5c0 4 2.6 7.4 6.5 7.4s6.5-3.4 6.5-7.4"
        stroke="currentColor"
        strokeOpacity=".45"
        strokeWidth="2.2"
      />
    </svg>
  );
}
