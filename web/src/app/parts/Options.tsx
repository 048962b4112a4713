// How to read what is given: which modalities, and which line of models.
import { signal } from "@preact/signals";
import type { JobOptions } from "../api.ts";

const MODALITIES = [["text", "Words"], ["speech", "Voice"], ["face", "Faces"]] as const;

const chosen = signal<readonly string[]>(MODALITIES.map(([name]) => name));
const openOnly = signal(false);

/** All of them is the same as no choice. */
export const jobOptions = (): JobOptions => ({
  modalities: chosen.value.length === MODALITIES.length ? null : [...chosen.value],
  open_only: openOnly.value,
});

export function Options() {
  const toggle = (name: string): void => {
    const next = chosen.value.includes(name) ? chosen.value.filter((one) => one !== name) : [...chosen.value, name];
    if (next.length > 0) chosen.value = next;
  };
  return (
    <div class="options">
      <fieldset class="chips">
        <legend class="soft small">Read</legend>
        {MODALITIES.map(([name, label]) => (
          <label key={name} class="chip">
            <input type="checkbox" checked={chosen.value.includes(name)} disabled={chosen.value.length === 1 && chosen.value[0] === name} onChange={() => toggle(name)} />
            <span>{label}</span>
          </label>
        ))}
      </fieldset>
      <label class="chip">
        <input type="checkbox" checked={openOnly.value} onChange={(event) => { openOnly.value = event.currentTarget.checked; }} />
        <span>Open models only</span>
      </label>
      <p class="small soft options-note">{openOnly.value ? "Only models whose training data allow commercial use." : "Research models take part, too: not for commercial use."}</p>
    </div>
  );
}
