import * as z from "zod";
import type { ColumnView, Row } from "../../dataset/index.ts";

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
