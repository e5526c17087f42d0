import * as z from "zod";
import type { ColumnView, Happening, NameOf, Row, RowChange } from "../../../../engine/dataset/index.ts";

const titles = {
  roles: "Roles",
  roles_at_hq: "Roles at headquarters",
  roles_at_base: "Roles at base",
  roles_at_other: "Roles elsewhere",
  grantable_roles: "May grant",
  grantable_roles_at_hq: "May grant at headquarters",
  grantable_roles_at_base: "May grant at base",
  grantable_roles_at_other: "May grant elsewhere",
} as const;

type RoleColumn = keyof typeof titles;
const columns = Object.keys(titles) as RoleColumn[];

/** Roles as one text. ESI gives no order: sorted, so that the same roles are the same text. */
export const roleText = (roles: readonly string[]): string => [...roles].sort().join(", ");

const mapped = <Value>(of: (column: RoleColumn) => Value) =>
  Object.fromEntries(columns.map((column) => [column, of(column)])) as Record<RoleColumn, Value>;

/** The eight lists of roles of a member or a title: a text column each. */
export const roleShape = mapped(() => z.string().optional());

export const roleColumns: Record<RoleColumn, ColumnView> = mapped((column) => ({
  title: titles[column],
  kind: "text",
  ...(column === "roles" ? {} : { hidden: true }),
}));

export function withRoleTexts(row: Row): Row {
  const texts = columns.map((column) => [column, roleText((row[column] ?? []) as string[])] as const);
  return { ...row, ...Object.fromEntries(texts.map(([column, text]) => [column, text || undefined])) };
}

/** Where a role counts, as it is said behind its name. */
const places: Record<RoleColumn, string> = {
  roles: "",
  roles_at_hq: " at headquarters",
  roles_at_base: " at base",
  roles_at_other: " elsewhere",
  grantable_roles: " (may grant)",
  grantable_roles_at_hq: " (may grant at headquarters)",
  grantable_roles_at_base: " (may grant at base)",
  grantable_roles_at_other: " (may grant elsewhere)",
};

const rolesIn = (row: Row): string[] =>
  columns.flatMap((column) =>
    String(row[column] ?? "")
      .split(", ")
      .filter(Boolean)
      .map((role) => `${role.replaceAll("_", " ")}${places[column]}`),
  );

/** Which roles a member gained and lost. Of one who has left, the members' history tells. */
export function roleHistoryOf({ change, row, before, after }: RowChange, name: NameOf): Happening | undefined {
  if (change === "removed") return undefined;
  const [had, has] = change === "added" ? [[], rolesIn(row)] : [rolesIn(before), rolesIn(after)];
  const gained = has.filter((role) => !had.includes(role));
  const lost = had.filter((role) => !has.includes(role));
  if (gained.length + lost.length === 0) return undefined;
  const said = [
    ...(gained.length > 0 ? [`gained ${gained.join(", ")}`] : []),
    ...(lost.length > 0 ? [`lost ${lost.join(", ")}`] : []),
  ];
  const kind = lost.length === 0 ? "role.gained" : gained.length === 0 ? "role.lost" : "role.changed";
  return { kind, text: `${name("character", row.character_id)} ${said.join(" and ")}` };
}
