import { queryOptions } from "@tanstack/react-query";
import { api, done, read, until } from "../api/client.ts";
import { corporationOwner } from "../api/owner.ts";

const one = api.corporations[":corporationId"];
const by = (corporationId: number) => ({ param: { corporationId: String(corporationId) } });

export const corporationsQuery = queryOptions({
  queryKey: ["corporations"],
  queryFn: ({ signal }) => read(api.corporations.$get({}, until(signal))),
});

export const corporationQuery = (corporationId: number) =>
  queryOptions({
    queryKey: ["corporation", corporationId],
    queryFn: ({ signal }) => read(one.$get(by(corporationId), until(signal))),
    meta: { owner: corporationOwner(corporationId), datasets: ["public-info", "members"] },
  });

export const addCorporation = (characterId: number) => read(api.corporations.$post({ json: { characterId } }));

export const removeCorporation = (corporationId: number) => done(one.$delete(by(corporationId)));
