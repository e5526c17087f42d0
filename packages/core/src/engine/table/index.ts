export { type DictionaryColumn, encode, encodedColumn, extend, restrict } from "./dictionary.ts";
export { type Names, namedKinds, namesOf } from "./names.ts";
export { nestedKind, withNestedNames } from "./nested.ts";
export { viewAt } from "./past.ts";
export { endOf, Moment, requireOrder, startOf } from "./period.ts";
export { columnKindsOf, columnNames, open, type Table, unknownColumn } from "./table.ts";
