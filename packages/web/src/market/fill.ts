/** How much of an order has been traded, from 0 to 1. */
export function fillOf(remain: number | undefined, total: number | undefined): number {
  if (remain === undefined || !total) return 0;
  return Math.max(0, Math.min(1, (total - remain) / total));
}

interface Order {
  buys: boolean;
  price: number;
  remain: number;
  escrow: number;
}

/** ISK that open orders would bring and bind. */
export function orderTotals(orders: readonly Order[]): { selling: number; buying: number; escrow: number } {
  const worth = (buys: boolean) =>
    orders.filter((order) => order.buys === buys).reduce((sum, order) => sum + order.price * order.remain, 0);
  return { selling: worth(false), buying: worth(true), escrow: orders.reduce((sum, order) => sum + order.escrow, 0) };
}
