import { register } from "../engine/kind/index.ts";
import { kind as character } from "./character/kind.ts";
import { kind as corporation } from "./corporation/kind.ts";

// Every kind of owner. Each entry point that runs the engine imports this file for its effect.
register(corporation);
register(character);
