import { isoSeconds } from "../clock.ts";
import type { Order, PastOrder } from "../world/market.ts";
import { corporationPages, derived, type Family } from "./endpoint.ts";

function row(order: Order) {
  return {
    duration: order.durationDays,
    // Only buy orders say so and hold ISK; the members are left out of sell orders.
    ...(order.isBuy
      ? { escrow: (order.priceCents * order.volumeRemain) / 100, is_buy_order: true, min_volume: 1 }
      : {}),
    issued: isoSeconds(order.issuedMs),
    issued_by: order.issuedBy,
    location_id: order.locationId,
    order_id: order.orderId,
    price: order.priceCents / 100,
    range: order.range,
    region_id: order.regionId,
    type_id: order.typeId,
    volume_remain: order.volumeRemain,
    volume_total: order.volumeTotal,
    wallet_division: order.division,
  };
}

const orders = derived((list: readonly Order[]) => list.map(row));
const history = derived((list: readonly PastOrder[]) => list.map((order) => ({ ...row(order), state: order.state })));

export const market: Family = {
  GetCorporationsCorporationIdOrders: corporationPages(({ corporation }) =>
    orders(corporation.departments.market.orders.list()),
  ),

  GetCorporationsCorporationIdOrdersHistory: corporationPages(({ corporation }) =>
    history(corporation.departments.market.past.list()),
  ),
};
