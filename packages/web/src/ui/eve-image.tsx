import { useState } from "react";
import { cx } from "./cx.ts";
import { initials } from "./format.ts";

const HOST = "https://images.evetech.net";

const paths = {
  character: (id: number, size: number) => `/characters/${id}/portrait?size=${size}`,
  corporation: (id: number, size: number) => `/corporations/${id}/logo?size=${size}`,
  alliance: (id: number, size: number) => `/alliances/${id}/logo?size=${size}`,
  type: (id: number, size: number) => `/types/${id}/icon?size=${size}`,
};

/** Pictures that did not come once are not asked for again while the page is open: a table would ask thousands of times. */
const missing = new Set<string>();

interface EveImageProps {
  kind: keyof typeof paths;
  id: number;
  name: string;
  /** Edge in CSS pixels; the picture is asked for at twice that, in the sizes that the image server has. */
  size: number;
  className?: string;
}

/** A picture from EVE's image server over a monogram, which shows at once and stays where the picture is missing. */
export function EveImage({ kind, id, name, size, className }: EveImageProps) {
  const pixels = [32, 64, 128, 256, 512].find((step) => step >= size * 2) ?? 512;
  const source = HOST + paths[kind](id, pixels);
  const [loaded, setLoaded] = useState(false);
  const [failed, setFailed] = useState(missing.has(source));
  const hue = (id * 47) % 360;
  return (
    <span
      aria-hidden
      style={{
        width: size,
        height: size,
        fontSize: Math.max(8, size * 0.38),
        background: `linear-gradient(150deg, oklch(0.38 0.055 ${hue}), oklch(0.27 0.04 ${hue + 40}))`,
        color: `oklch(0.87 0.05 ${hue})`,
      }}
      className={cx(
        "relative inline-grid shrink-0 place-items-center overflow-hidden font-semibold leading-none tracking-tight ring-1 ring-white/8 ring-inset",
        kind === "character" ? "rounded-full" : "rounded-[22%]",
        className,
      )}
    >
      {loaded ? null : initials(name)}
      {failed ? null : (
        <img
          src={source}
          alt=""
          width={size}
          height={size}
          loading="lazy"
          decoding="async"
          onLoad={() => setLoaded(true)}
          onError={() => {
            missing.add(source);
            setFailed(true);
          }}
          className={cx("absolute inset-0 size-full transition-opacity", loaded ? "opacity-100" : "opacity-0")}
        />
      )}
    </span>
  );
}
