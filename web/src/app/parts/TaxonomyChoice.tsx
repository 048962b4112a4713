// In which words the categories are told.
import { useEffect, useState } from "preact/hooks";
import { listTaxonomies } from "../api.ts";

interface Props {
  readonly value: string | null;
  readonly busy: boolean;
  readonly onChange: (taxonomy: string | null) => void;
}

const nameOf = (one: unknown): string => (typeof one === "string" ? one : String((one as { name?: unknown } | null)?.name ?? ""));

export function TaxonomyChoice({ value, busy, onChange }: Props) {
  const [names, setNames] = useState<readonly string[]>([]);
  useEffect(() => {
    listTaxonomies().then((found) => setNames(found.map(nameOf).filter(Boolean)), () => setNames([]));
  }, []);
  return (
    <label class="taxonomy">
      <span class="small soft">Labels</span>
      <select class="control" value={value ?? ""} disabled={busy} onChange={(event) => onChange(event.currentTarget.value || null)}>
        <option value="">as perceived</option>
        {names.map((name) => <option key={name} value={name}>{name}</option>)}
      </select>
    </label>
  );
}
