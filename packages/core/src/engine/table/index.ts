export { type DictionaryColumn, encode, encodedColumn, extend, restrict } from "./dictionary.ts";
export { type Names, namedKinds, namesOf, nestedKind, withNestedNames } from "./names.ts";
export { endOf, Moment, requireOrder, startOf } from "./period.ts";
export { columnKindsOf, columnNames, open, type Table, unknownColumn, viewAt } from "./table.ts";
