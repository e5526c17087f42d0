import { isoSeconds } from "../clock.ts";
import { characterWhole, type Family } from "./endpoint.ts";

export const location: Family = {
  GetCharactersCharacterIdLocation: characterWhole(({ life }) => {
    const { systemId, dock } = life.whereabouts.place;
    return { solar_system_id: systemId, ...(dock ? { [`${dock.kind}_id`]: dock.locationId } : {}) };
  }),

  GetCharactersCharacterIdOnline: characterWhole(({ life }) => ({
    last_login: isoSeconds(life.lastLoginMs),
    last_logout: isoSeconds(life.lastLogoutMs),
    logins: life.logins,
    online: life.isOnline,
  })),

  GetCharactersCharacterIdShip: characterWhole(({ life }) => {
    const { itemId, typeId, name } = life.belongings.ship();
    return { ship_item_id: itemId, ship_name: name, ship_type_id: typeId };
  }),
};
