import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Director } from "../api/contract.ts";
import { notifyError } from "../ui/notify.ts";
import { Segments } from "../ui/segments.tsx";
import { directorsQuery, preferDirector } from "./query.ts";

const options: { value: Director["preference"]; label: string }[] = [
  { value: "first", label: "First" },
  { value: "in_turn", label: "In turn" },
  { value: "last", label: "Last" },
];

const meanings: Record<Director["preference"], string> = {
  first: "Before the others: their budgets are kept back.",
  in_turn: "In turn with the others, whoever has most budget left.",
  last: "Only for what nobody else can fetch.",
};

/** Whether this director is used before the others, in turn, or last. */
export function PreferDirector({ corporationId, director }: { corporationId: number; director: Director }) {
  const queries = useQueryClient();
  const { queryKey } = directorsQuery(corporationId);
  const { mutate, variables, isPending } = useMutation({
    mutationFn: (preference: Director["preference"]) =>
      preferDirector(corporationId, { characterId: director.characterId, preference }),
    onError: (error) =>
      notifyError(`${director.name} is asked as before`, { id: "prefer-director", description: error.message }),
    onSettled: () => queries.invalidateQueries({ queryKey }),
  });
  const value = isPending ? variables : director.preference;
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
      <h4 className="font-medium text-faint text-xs">Asked</h4>
      <Segments label={`When ${director.name} is asked`} value={value} onChange={mutate} options={options} />
      <p className="text-faint text-xs">{meanings[value]}</p>
    </div>
  );
}
