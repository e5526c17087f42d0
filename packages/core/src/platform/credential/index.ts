import { createHash, randomBytes } from "node:crypto";

/** A new secret of 256 random bits, URL-safe: session cookies, login states, socket tickets. */
export const create = (): string => randomBytes(32).toString("base64url");

/**
 * What is stored of a secret. Plain SHA-256 is enough because the input is 256 random bits: there is nothing to guess,
 * so a slow password hash would only cost time. Finding a row by this hash also leaks no timing of the secret.
 */
export const hash = (secret: string): string => createHash("sha256").update(secret).digest("base64url");
