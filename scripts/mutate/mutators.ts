import { type ParserPlugin, parse } from "@babel/parser";

/** One change of one file: `code.slice(start, end)` becomes `replacement`. */
export interface Mutant {
  file: string;
  line: number;
  /** The line on which it begins. */
  source: string;
  mutator: string;
  original: string;
  replacement: string;
  start: number;
  end: number;
  /** The expression that runs whenever the changed code would. */
  site: Span;
  /** Its removal lets through whom or what was to be refused. */
  guard: boolean;
}

export interface Span {
  start: number;
  end: number;
}

interface Node extends Span {
  type: string;
  loc: { start: { line: number } };
  [key: string]: unknown;
}

type Found = Omit<Mutant, "file" | "line" | "source" | "original" | "site"> & { site?: Span };

const comparisons: Record<string, [mutator: string, operator: string]> = {
  "===": ["eq-flip", "!=="],
  "!==": ["eq-flip", "==="],
  "<": ["boundary", "<="],
  "<=": ["boundary", "<"],
  ">": ["boundary", ">="],
  ">=": ["boundary", ">"],
  "*": ["arith", "/"],
  "/": ["arith", "*"],
  "+": ["arith", "-"],
  "-": ["arith", "+"],
};

const methods = new Map<string, [mutator: string, method: string]>([
  ["every", ["every-some", "some"]],
  ["some", ["every-some", "every"]],
  ["max", ["max-min", "min"]],
  ["min", ["max-min", "max"]],
]);

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as Node).type === "string";

/** A call whose only purpose is to refuse: `Actor.assertSystem()`, `await Access.requireCorporation(id)`. */
const refusing = /^(await )?(\w+\.)?(assert|require|guard)[A-Z]\w*\(/;
const logging = /^(await )?Log\.\w+\(/;
const leaves = new Set(["ReturnStatement", "ThrowStatement", "ContinueStatement", "BreakStatement"]);

/** Whether a branch does nothing but leave: `if (x) return;`. */
function leavesOnly(branch: Node): boolean {
  if (leaves.has(branch.type)) return true;
  // The body of a loop is no list.
  const body = branch.type === "BlockStatement" ? (branch.body as Node[]) : [];
  const [only] = body;
  return body.length === 1 && only !== undefined && leaves.has(only.type);
}

/** Strings are joined with `+` as well; a minus there is no mutant that anybody could overlook. */
const isText = (node: Node) => node.type === "StringLiteral" || node.type === "TemplateLiteral";

function ofBinary(node: Node, text: (node: Node) => string): Found[] {
  const [left, right] = [node.left as Node, node.right as Node];
  const change = comparisons[node.operator as string];
  if (!change || isText(left) || isText(right)) return [];
  const [mutator, operator] = change;
  const replacement = `(${text(left)}) ${operator} (${text(right)})`;
  return [{ mutator, replacement, start: node.start, end: node.end, guard: false }];
}

function ofLogical(node: Node, text: (node: Node) => string): Found[] {
  const [left, right] = [text(node.left as Node), text(node.right as Node)];
  const { start, end } = node;
  if (node.operator === "??") {
    return [{ mutator: "drop-??", replacement: `(${left})`, start, end, guard: false }];
  }
  const operator = node.operator === "&&" ? "||" : "&&";
  return [{ mutator: "and-or", replacement: `((${left}) ${operator} (${right}))`, start, end, guard: false }];
}

function ofIf(node: Node): Found[] {
  const { start, end } = node.test as Node;
  const consequent = node.consequent as Node;
  if (leavesOnly(consequent) && !node.alternate) {
    const throws =
      consequent.type === "ThrowStatement" || (consequent.body as Node[] | undefined)?.[0]?.type === "ThrowStatement";
    return [{ mutator: "drop-guard", replacement: "false", start, end, guard: throws }];
  }
  return [
    { mutator: "if-always", replacement: "true", start, end, guard: false },
    { mutator: "if-never", replacement: "false", start, end, guard: false },
  ];
}

function ofStatement(node: Node, text: (node: Node) => string): Found[] {
  const expression = node.expression as Node;
  const call = expression.type === "AwaitExpression" ? (expression.argument as Node) : expression;
  const source = text(node);
  if (call.type !== "CallExpression" || logging.test(source)) return [];
  const guard = refusing.test(source);
  const { start, end } = node;
  return [{ mutator: guard ? "drop-guard-call" : "drop-call", replacement: ";", start, end, guard, site: expression }];
}

function ofCall(node: Node, text: (node: Node) => string): Found[] {
  const callee = node.callee as Node;
  if (callee.type !== "MemberExpression" || callee.computed) return [];
  const property = callee.property as Node;
  const name = property.name as string;
  const change = methods.get(name);
  if (change) {
    const [mutator, replacement] = change;
    return [{ mutator, replacement, start: property.start, end: property.end, guard: false, site: node }];
  }
  if (name !== "filter") return [];
  const replacement = text(callee.object as Node);
  return [{ mutator: "drop-.filter", replacement, start: node.start, end: node.end, guard: false }];
}

function ofNode(node: Node, text: (node: Node) => string): Found[] {
  const { start, end } = node;
  switch (node.type) {
    case "BinaryExpression":
      return ofBinary(node, text);
    case "LogicalExpression":
      return ofLogical(node, text);
    case "IfStatement":
      return ofIf(node);
    case "ExpressionStatement":
      return ofStatement(node, text);
    case "CallExpression":
      return ofCall(node, text);
    case "AwaitExpression":
      return [{ mutator: "drop-await", replacement: `(${text(node.argument as Node)})`, start, end, guard: false }];
    case "BooleanLiteral":
      return [{ mutator: "bool", replacement: String(!node.value), start, end, guard: false }];
    case "NumericLiteral":
      return [{ mutator: "off-by-one", replacement: `(${text(node)} + 1)`, start, end, guard: false }];
    case "ConditionalExpression": {
      const test = node.test as Node;
      const replacement = `!(${text(test)})`;
      return [{ mutator: "negate-ternary", replacement, start: test.start, end: test.end, guard: false }];
    }
    default:
      return [];
  }
}

/** Types run nothing, and what stands in them cannot be mutated; nor can what `import` names, nor the keys of objects. */
const skipped = (type: string) =>
  type.startsWith("TS") && !["TSAsExpression", "TSNonNullExpression", "TSSatisfiesExpression"].includes(type);

function* walk(node: Node): Generator<Node> {
  if (skipped(node.type) || node.type === "ImportDeclaration") return;
  yield node;
  for (const [name, value] of Object.entries(node)) {
    if (name === "key" && node.computed !== true) continue;
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) yield* walk(child);
  }
}

/** All mutants of one file, in the order of their places. */
export function mutantsOf(file: string, code: string): Mutant[] {
  const plugins: ParserPlugin[] = file.endsWith("x") ? ["typescript", "jsx"] : ["typescript"];
  const { program } = parse(code, { sourceType: "module", plugins });
  const text = (node: Node) => code.slice(node.start, node.end);
  const lines = code.split("\n");
  return [...walk(program as unknown as Node)].flatMap((node) =>
    ofNode(node, text).map((found) => {
      const line = code.slice(0, found.start).split("\n").length;
      const { start, end } = found.site ?? found;
      const original = code.slice(found.start, found.end);
      return { ...found, file, line, source: lines[line - 1] ?? "", site: { start, end }, original };
    }),
  );
}

export const applyTo = (code: string, { start, end, replacement }: Mutant): string =>
  code.slice(0, start) + replacement + code.slice(end);
