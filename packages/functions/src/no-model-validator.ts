const parts = ["model", "attributes", "indexes"];

/**
 * Stands for `jsonschema` in the functions' bundles: ElectroDB checks with it how each entity is declared. The declarations
 * are fixed when the code is built, and every test that opens an entity has had them checked. What is left is the question
 * whether something is a declaration at all, which ElectroDB asks of each member of a service.
 */
export class Validator {
  /** ElectroDB adds its formats here. */
  declare readonly customFormats: Record<string, unknown>;

  addSchema(): void {}

  validate(value: object): { errors: { property: string; message: string }[] } {
    const missing = parts.filter((part) => !Object.hasOwn(value, part));
    return { errors: missing.map((part) => ({ property: part, message: "is required" })) };
  }
}
Object.assign(Validator.prototype, { customFormats: {} });
