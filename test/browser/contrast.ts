import type { Page } from "playwright-core";

/** What WCAG 2.2 AA asks of text of ordinary size. */
const leastRatio = 4.5;

/** Texts on the page that are too pale for their background, with their ratio. Runs in the browser: it blends as a screen does. */
export function paleTexts(page: Page): Promise<string[]> {
  return page.evaluate((least) => {
    const pen = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", {
      willReadFrequently: true,
    }) as CanvasRenderingContext2D;
    const known = new Map<string, number[]>();
    /** Red, green and blue from 0 to 255, alpha from 0 to 1, of any colour that CSS knows. */
    const read = (colour: string): number[] => {
      const found = known.get(colour);
      if (found) return found;
      pen.clearRect(0, 0, 1, 1);
      pen.fillStyle = colour;
      pen.fillRect(0, 0, 1, 1);
      const [red = 0, green = 0, blue = 0, alpha = 0] = pen.getImageData(0, 0, 1, 1).data;
      known.set(colour, [red, green, blue, alpha / 255]);
      return [red, green, blue, alpha / 255];
    };
    const blend = ([red = 0, green = 0, blue = 0, alpha = 1]: number[], below: number[]): number[] =>
      [red, green, blue].map((part, index) => part * alpha + (below[index] ?? 0) * (1 - alpha));
    const linear = (part: number) => (part <= 10.31 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4);
    const luminance = ([red = 0, green = 0, blue = 0]: number[]) =>
      0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
    const ancestors = (element: Element): Element[] =>
      element.parentElement ? [...ancestors(element.parentElement), element] : [element];
    const ratioOf = (element: Element): number => {
      const styles = ancestors(element).map((each) => getComputedStyle(each));
      const below = styles.reduce((under, style) => blend(read(style.backgroundColor), under), [0, 0, 0]);
      const opacity = styles.reduce((product, style) => product * Number(style.opacity), 1);
      const [red = 0, green = 0, blue = 0, alpha = 1] = read(getComputedStyle(element).color);
      const text = luminance(blend([red, green, blue, alpha * opacity], below));
      const ground = luminance(below);
      return (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05);
    };
    // What cannot be used, and what is not read aloud, may be pale.
    const exempt = "script,style,[aria-hidden=true],[aria-disabled=true],:disabled";
    const pale: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      const text = node.textContent?.trim();
      if (!element || !text || !element.checkVisibility() || element.closest(exempt)) continue;
      const ratio = ratioOf(element);
      if (ratio < least) pale.push(`${ratio.toFixed(2)} ${text.slice(0, 40)}`);
    }
    return pale;
  }, leastRatio);
}
