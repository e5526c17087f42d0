/** Stands for `bowser`, which tells browsers apart, in the functions' bundles: none of them runs in one. */
export const parse = (): never => {
  throw new Error("a function runs in no browser");
};
