import "@tapi/core/owners";
import * as Refresh from "@tapi/core/engine/refresh";
import * as Account from "@tapi/core/product/account";
import { consume } from "./consume.ts";
import * as Split from "./split.ts";

export const handler = consume(Refresh.Message, Refresh.run, {
  afterBatch: Account.finishTokenUses,
  beforeWork: Split.beforeWork,
  afterFailure: Split.afterFailure,
});
