type LocationType = "station" | "solar_system" | "item" | "other";

/** A row of the asset list exactly as ESI writes it, so that a page of a thousand is one JSON.stringify. */
export interface Asset {
  item_id: number;
  type_id: number;
  quantity: number;
  location_id: number;
  location_type: LocationType;
  location_flag: string;
  is_singleton: boolean;
  is_blueprint_copy?: boolean;
}

/** Something that other items can lie in. */
export interface Hold {
  locationId: number;
  locationType: LocationType;
  flag: string;
}

/** A place where the corporation has an office or a structure of its own. */
export interface Site {
  locationId: number;
  /** Stations are "station"; Upwell structures, one's own or another's, are "item". */
  locationType: LocationType;
  hasOffice: boolean;
  /** One's own structure is itself an asset, in space, in this system. */
  ownStructure?: { systemId: number; typeId: number; name: string };
}

/** The seven hangar divisions, as flags of items in an office. */
export const hangarFlags = [1, 2, 3, 4, 5, 6, 7].map((division) => `CorpSAG${division}`);
