import { isoSeconds } from "../clock.ts";
import type { Contract } from "../world/contracts.ts";
import { corporationPages, corporationWhole, derived, type Family } from "./endpoint.ts";

const rows = derived((contracts: readonly Contract[]) => contracts.map(row));

function row(contract: Contract) {
  const isCourier = contract.type === "courier";
  return {
    acceptor_id: contract.acceptorId,
    assignee_id: contract.assigneeId,
    availability: contract.availability,
    collateral: contract.collateralCents / 100,
    contract_id: contract.contractId,
    ...(contract.acceptedMs === undefined ? {} : { date_accepted: isoSeconds(contract.acceptedMs) }),
    ...(contract.completedMs === undefined ? {} : { date_completed: isoSeconds(contract.completedMs) }),
    date_expired: isoSeconds(contract.expiresMs),
    date_issued: isoSeconds(contract.issuedMs),
    days_to_complete: isCourier ? 3 : 0,
    end_location_id: isCourier ? contract.endLocationId : contract.startLocationId,
    for_corporation: contract.isForCorporation,
    issuer_corporation_id: contract.issuerCorporationId,
    issuer_id: contract.issuerId,
    price: contract.priceCents / 100,
    reward: contract.rewardCents / 100,
    start_location_id: contract.startLocationId,
    status: contract.status,
    title: contract.title,
    type: contract.type,
    volume: contract.volumeM3,
  };
}

export const contract: Family = {
  GetCorporationsCorporationIdContracts: corporationPages(({ corporation }) =>
    rows(corporation.departments.contracts.rows.list()),
  ),

  GetCorporationsCorporationIdContractsContractIdItems: corporationWhole(({ corporation, ids }) => {
    const found = corporation.departments.contracts.rows.get(ids.contract_id ?? 0);
    return (
      found &&
      corporation.departments.contracts.items(found).map(({ isIncluded, isSingleton, quantity, recordId, typeId }) => ({
        is_included: isIncluded,
        is_singleton: isSingleton,
        quantity,
        record_id: recordId,
        type_id: typeId,
      }))
    );
  }),

  GetCorporationsCorporationIdContractsContractIdBids: corporationPages(({ corporation, ids }) => {
    const contractId = ids.contract_id ?? 0;
    if (corporation.departments.contracts.rows.get(contractId)?.type !== "auction") return undefined;
    return corporation.departments.contracts.bids(contractId).map(({ amountCents, bidId, bidderId, bidMs }) => ({
      amount: amountCents / 100,
      bid_id: bidId,
      bidder_id: bidderId,
      date_bid: isoSeconds(bidMs),
    }));
  }),
};
