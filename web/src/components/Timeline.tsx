// All persons over time: lanes, curves, one cursor through all of them.
import { capital, percent, personName, words } from "../model/format.ts";
import { colour } from "../model/labels.ts";
import { moods, type Person } from "../model/timeline.ts";
import { cursor, measure, modality, person, player, seek, selected, timeline, view, zoom, type Measure } from "../store.ts";
import { Card } from "./Card.tsx";
import { Chart } from "./Chart.tsx";
import { Lane } from "./Lane.tsx";
import { Scrubber } from "./Scrubber.tsx";
import { Segments } from "./Segments.tsx";
import { useWidth } from "./useWidth.ts";

const MEASURES: readonly { value: Measure; label: string }[] = [
  { value: "categories", label: "Categories" },
  { value: "valence", label: "Valence" },
  { value: "arousal", label: "Arousal" },
  { value: "dominance", label: "Dominance" },
];

/** With more persons than this, only the chosen one's curves are drawn; the ribbons always are. */
const MOST_OPEN = 4;

function Tools() {
  const { modalities, end } = timeline.value;
  const choices = modalities.map((value) => ({ value, label: capital(value) }));
  const whole = view.value.to - view.value.from >= end - 1e-9;
  return (
    <div class="tools no-print">
      <Segments label="What the curves show" choices={MEASURES} value={measure.value} onChange={(next) => { measure.value = next; }} />
      {choices.length > 1 && (
        <Segments label="Read from" choices={choices} value={modality.value} onChange={(next) => { modality.value = next; }} />
      )}
      <div class="zoom">
        <button type="button" class="button square" aria-label="Zoom in" onClick={() => zoom(0.5)}>+</button>
        <button type="button" class="button square" aria-label="Zoom out" disabled={whole} onClick={() => zoom(2)}>−</button>
      </div>
    </div>
  );
}

function Moods({ one }: { readonly one: Person }) {
  const track = one.fused ?? one.tracks[0];
  const shares = track ? moods(track).slice(0, 3) : [];
  if (shares.length === 0) return null;
  return (
    <ul class="moods small" aria-label="Strongest categories over the whole length">
      {shares.map(({ label, share }) => (
        <li key={label}><span class="dot" style={{ background: colour(label) }} aria-hidden="true" />{words(label)} <span class="soft number">{percent(share)}</span></li>
      ))}
    </ul>
  );
}

function PersonRow({ one, width, gutter }: { readonly one: Person; readonly width: number; readonly gutter: number }) {
  const current = person.value?.name === one.name;
  return (
    <section class={`person ${current ? "current" : ""}`} aria-label={personName(one.name)}>
      <div class="person-head">
        <button type="button" class="person-choose" aria-pressed={current} onClick={() => { selected.value = one.name; }}>
          <span class="person-initial" style={{ background: `var(--person-${one.index % 6})` }} aria-hidden="true">{initials(one.name)}</span>
          {personName(one.name)}
        </button>
        <Moods one={one} />
      </div>
      <Chart person={one} width={width} gutter={gutter} open={current || timeline.value.persons.length <= MOST_OPEN}>
        {one.tracks.map((track) => track.affects.length > 0 && <Lane key={track.modality} track={track} width={width - gutter} />)}
        <Playhead gutter={gutter} />
      </Chart>
    </section>
  );
}

function initials(name: string): string {
  const parts = personName(name).split(/\s+/);
  return `${parts[0]?.charAt(0) ?? ""}${parts[1]?.slice(0, /\d/.test(parts[1]) ? 2 : 1) ?? ""}`.toUpperCase();
}

function Playhead({ gutter }: { readonly gutter: number }) {
  const { from, to } = view.value;
  const share = (cursor.value - from) / (to - from);
  if (share < 0 || share > 1) return null;
  return <div class="playhead" aria-hidden="true" style={{ left: `calc(${gutter}px + ${share} * (100% - ${gutter}px))` }} />;
}

/** Seeks to where the pointer is, while it is down. Only the drawn parts answer, so that buttons stay buttons. */
function onPointer(event: PointerEvent, gutter: number): void {
  const target = event.target as Element;
  const isDown = event.type === "pointerdown" ? event.button === 0 : event.buttons === 1;
  if (!isDown || !target.closest(".scrubber, .lane-ribbon, .chart-plot")) return;
  const box = event.currentTarget as HTMLElement;
  const { left, width } = box.getBoundingClientRect();
  const share = (event.clientX - left - gutter) / (width - gutter);
  const { from, to } = view.value;
  if (share >= -0.02) seek(from + Math.min(1, Math.max(0, share)) * (to - from));
}

export function Timeline() {
  const [box, width] = useWidth();
  const gutter = width < 560 ? 42 : 64;
  const handle = (event: PointerEvent): void => onPointer(event, gutter);
  return (
    <Card id="timeline" title={timeline.value.unit === "seconds" ? "Over time" : "Along the text"} className="timeline" aside={<Tools />}>
      <div class="tracks" ref={box} style={{ "--gutter": `${gutter}px` }} onPointerDown={handle} onPointerMove={handle}>
        <Scrubber width={width - gutter} />
        {timeline.value.persons.map((one) => <PersonRow key={one.name} one={one} width={width} gutter={gutter} />)}
      </div>
      <p class="small soft gap">
        Ribbons take the colour of the strongest category; the paler, the less sure. Hatched: modalities disagree. Arrow keys move the
        cursor, <kbd>+</kbd> and <kbd>−</kbd> zoom{player.value ? <>, <kbd>Space</kbd> plays</> : null}.
      </p>
    </Card>
  );
}
