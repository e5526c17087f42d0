import { routes } from "./generated/routes.ts";
import type { operations } from "./generated/schema.d.ts";
import type { Route } from "./route.ts";

export type OperationId = keyof operations;

type Json<Container> = Container extends { content: { "application/json": infer Data } } ? Data : never;

/** What ESI answers to an operation, as the spec has it. Fields and enum values may be added at any time. */
export type DataOf<Id extends OperationId> = Json<operations[Id]["responses"][200]>;
export type RowOf<Id extends OperationId> = DataOf<Id> extends readonly (infer Row)[] ? Row : never;

/** An operation that is known only at run time: its parameters and its answer are not typed. */
type IsAny<Id extends OperationId> = [OperationId] extends [Id] ? true : false;

type Query<Id extends OperationId> =
  IsAny<Id> extends true
    ? Record<string, unknown>
    : operations[Id]["parameters"] extends { query?: infer Parameters }
      ? NonNullable<Parameters>
      : never;

type PathInput<Id extends OperationId> =
  IsAny<Id> extends true
    ? { path?: Record<string, string | number> }
    : operations[Id]["parameters"] extends { path: infer Parameters }
      ? { path: Parameters }
      : { path?: never };

type BodyInput<Id extends OperationId> =
  IsAny<Id> extends true
    ? { body?: unknown }
    : operations[Id] extends { requestBody: infer Body }
      ? { body: Json<Body> }
      : { body?: never };

export interface Caller {
  /** With a token goes the character that it belongs to: buckets and coalescing are kept by character. */
  accessToken?: string | undefined;
  characterId?: number | undefined;
  /** Whose failures this call's are; default: those of the corporation or character in its path, else of who asks. */
  owner?: number | undefined;
  /** A person waits for the answer: the part of the bucket that is kept back from background work may be used. */
  interactive?: boolean | undefined;
  signal?: AbortSignal | undefined;
  /** Limit of one try; default 20 s. */
  timeoutMs?: number | undefined;
  /**
   * What is made of the body of an answer; default: `parse`, which is what JSON.parse makes of it, without nulls, if that
   * is what the spec has the route answer. It throws an EsiError of kind `malformed` otherwise.
   */
  read?: ((body: Buffer, parse: () => unknown) => unknown) | undefined;
}

export type Target<Id extends OperationId> = PathInput<Id> & { query?: Query<Id> };
export type Input<Id extends OperationId> = Caller & Target<Id> & BodyInput<Id> & { etag?: string | undefined };

/** A call as the parts below the typed surface see it. */
export interface Call extends Caller {
  operation: OperationId;
  path?: Record<string, string | number> | undefined;
  query?: Record<string, unknown> | undefined;
  body?: unknown;
  etag?: string | undefined;
}

export const routeOf = (operation: OperationId): Route => routes[operation];
