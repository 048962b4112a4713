import { personName } from "../model/format.ts";
import { person, selected, timeline } from "../store.ts";
import { Segments } from "./Segments.tsx";

/** Which person the page speaks of; a list where a row of buttons would grow too long. */
export function PersonTabs() {
  const { persons } = timeline.value;
  const current = person.value?.name ?? "";
  if (persons.length < 2) return <p class="person-name">{personName(current)}</p>;
  const choose = (name: string): void => {
    selected.value = name;
  };
  if (persons.length <= 4) {
    const choices = persons.map((one) => ({ value: one.name, label: personName(one.name) }));
    return <Segments label="Person" choices={choices} value={current} onChange={choose} />;
  }
  return (
    <label class="choose">
      <span class="soft small">Person</span>
      <select value={current} onChange={(event) => choose(event.currentTarget.value)}>
        {persons.map((one) => <option key={one.name} value={one.name}>{personName(one.name)}</option>)}
      </select>
    </label>
  );
}
