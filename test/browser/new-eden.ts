/** The figures that GET /_control/world gives for each corporation. */
export interface EdenCorporation {
  corporationId: number;
  name: string;
  memberCount: number;
  ceo: { characterId: number; name: string };
  wallets: { division: number; balance: number }[];
  assets: { count: number; quantity: number };
}

export interface AssetRow {
  item_id: number;
  type_id: number;
  quantity: number;
  location_id: number;
  location_type: string;
  location_flag: string;
  is_singleton: boolean;
  is_blueprint_copy?: boolean;
}

export interface Confidences {
  codes: string[];
  states: string[];
  codeVerifiers: string[];
  accessTokens: string[];
  refreshTokens: string[];
}

/** New Eden's control API. */
export function newEden(url: string) {
  async function call<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const response = await fetch(`${url}/_control${path}`, {
      method,
      ...(body ? { body: JSON.stringify(body), headers: { "content-type": "application/json" } } : {}),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`New Eden answers ${response.status} to ${method} ${path}: ${text}`);
    return (text === "" ? undefined : JSON.parse(text)) as Answer;
  }
  const truth = <Row>(corporationId: number, dataset: string) =>
    call<Row[]>("GET", `/truth/${corporationId}/${dataset}`);

  return {
    truth,
    /** The corporations, the one with the most members first. */
    corporations: async (): Promise<EdenCorporation[]> => {
      const { corporations } = await call<{ corporations: EdenCorporation[] }>("GET", "/world");
      return corporations.toSorted((a, b) => b.memberCount - a.memberCount);
    },
    /** What ESI would answer at this moment, summed up. */
    sums: async (corporationId: number): Promise<Sums> => {
      const [members, wallets, assets] = await Promise.all([
        truth<number>(corporationId, "members"),
        truth<{ division: number; balance: number }>(corporationId, "wallets"),
        truth<AssetRow>(corporationId, "assets"),
      ]);
      return {
        members: members.length,
        isk: Object.fromEntries(wallets.map(({ division, balance }) => [division, balance])),
        assetCount: assets.length,
        assetQuantity: assets.reduce((sum, { quantity }) => sum + quantity, 0),
      };
    },
    /** What ESI would answer a character's own token at this moment. */
    truthOf: <Answer>(characterId: number, dataset: string) =>
      call<Answer>("GET", `/truth/character/${characterId}/${dataset}`),
    /** ISK that comes to a pilot. */
    enrich: (characterId: number, amount: number) => call("POST", "/pilots", { characterId, amount }),
    advance: (seconds: number) => call("POST", "/clock", { advanceSeconds: seconds }),
    join: (corporationId: number, join: number) => call("POST", "/members", { corporationId, join }),
    deposit: (corporationId: number, division: number, amount: number) =>
      call("POST", "/wallets", { corporationId, division, amount }),
    changeAssets: (corporationId: number, changeFraction: number) =>
      call("POST", "/assets", { corporationId, changeFraction }),
    /** As when a pilot takes the application's access away at EVE. */
    revoke: (characterId: number) => call("POST", "/tokens/revoke", { characterId }),
    slow: (operationId: string, latencyMs: number) =>
      call("POST", "/faults", { kind: "latency", operationId, latencyMs }),
    /** How many calls of an operation have been slowed. */
    slowed: async (operationId: string): Promise<number> => {
      const faults = await call<{ operationId?: string; struck: number }[]>("GET", "/faults");
      return faults.filter((fault) => fault.operationId === operationId).reduce((sum, { struck }) => sum + struck, 0);
    },
    /** Answers given by an operation, by status. */
    answers: async (operationId: string): Promise<Record<string, number>> =>
      (await call<{ requests: Record<string, Record<string, number>> }>("GET", "/stats")).requests[operationId] ?? {},
    confidences: () => call<Confidences>("GET", "/confidences"),
  };
}

export type NewEden = ReturnType<typeof newEden>;

/** A corporation in the figures that the pages show. */
export interface Sums {
  members: number;
  /** ISK by division. */
  isk: Record<string, number>;
  assetCount: number;
  assetQuantity: number;
}
