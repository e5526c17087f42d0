/** The frame around the pages, apart from what the start page needs; asked for as soon as somebody turns out to be logged in. */
export const loadShell = () => import("./shell.tsx");
