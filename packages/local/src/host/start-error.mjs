// @ts-check
// Plain Node: read before anything is installed.

/** A start that failed for a reason a person can mend; the message says how, no stack is shown. */
export class StartError extends Error {
  /** @override */
  name = "StartError";
}

const elsewhere = "choose another folder: npm start -- --data DIR";

/** @type {Record<string, (path: string) => string>} */
const sentences = {
  ENOSPC: (path) => `No space is left for ${path}. Free some, or ${elsewhere}`,
  EDQUOT: (path) => `Your disk quota has no room left for ${path}. Free some, or ${elsewhere}`,
  EROFS: (path) => `${path} lies on a file system that is read-only. Mount it writable, or ${elsewhere}`,
  EACCES: (path) => `You may not write to ${path}. Change who owns it, or ${elsewhere}`,
  EPERM: (path) => `You may not write to ${path}. Change who owns it, or ${elsewhere}`,
  ENOTDIR: (path) => `${path} cannot be a folder, because part of it is a file. Please ${elsewhere}`,
  EEXIST: (path) => `${path} is no folder, or a link that leads nowhere. Please ${elsewhere}`,
  ENOENT: (path) =>
    `${path} cannot be made: part of it is a link that leads nowhere, or no real disk. Please ${elsewhere}`,
  ELOOP: (path) => `The links in ${path} lead in a circle. Mend them, or ${elsewhere}`,
  ENAMETOOLONG: (path) => `The name ${path.slice(0, 60)}… is too long. Please ${elsewhere}`,
  EIO: (path) => `The disk that holds ${path} reports errors. Please ${elsewhere}`,
  EMFILE: () => "Too many files are open. Raise the limit and start again: ulimit -n 4096",
};

/**
 * The same error, or for what the system refuses a sentence that says what a person can do about it.
 * @param {unknown} error
 * @param {string} path what was to be written
 * @returns {unknown}
 */
export function explainSystemError(error, path) {
  const sentence = sentences[codeOf(error)];
  return sentence ? new StartError(sentence(path), { cause: error }) : error;
}

/**
 * The same for what the whole machine lacks, whichever file was being written.
 * @param {unknown} error
 * @param {string} dir
 * @returns {unknown}
 */
export function explainShortage(error, dir) {
  return ["ENOSPC", "EDQUOT", "EROFS", "EIO", "EMFILE"].includes(codeOf(error))
    ? explainSystemError(error, dir)
    : error;
}

/** @param {unknown} error */
const codeOf = (error) => /** @type {NodeJS.ErrnoException} */ (error).code ?? "";
